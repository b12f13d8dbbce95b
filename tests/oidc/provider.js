/**
 * A real OpenID provider (npm's oidc-provider) for the tests of single sign-on.
 *
 * node tests/oidc/provider.js PORT REDIRECT_URI
 *
 * Whoever comes is signed in at once as the account that was set by POST /control. The same call makes the next
 * tokens wrong in one way ("tamper"), replaces the signing key ("rotate"), or makes it stop answering ("down").
 */
import { createServer } from "node:http";
import { createSecretKey } from "node:crypto";

import { SignJWT, UnsecuredJWT, decodeJwt, exportJWK, generateKeyPair, importJWK } from "jose";
import Provider from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const CLIENT = { client_id: "portal", client_secret: "a secret between the two", redirect_uris: [redirectUri] };
const CLAIMS = { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups", "amr"] };

let account = { sub: "nobody" };
let tamper = null;
let isDown = false;
let keys = [];
let handle;

async function makeKey() {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const number = keys.length + 1;
  return { ...(await exportJWK(privateKey)), kid: `key-${number}`, alg: "RS256", use: "sig" };
}

/** The id_token again with other claims, another key or another algorithm: what the client must refuse. */
async function makeWrong(idToken, { claims = {}, key = "present", header = {}, drop = [] }) {
  const payload = { ...decodeJwt(idToken), ...claims };
  for (const name of drop) delete payload[name];
  if (key === "none") return new UnsecuredJWT(payload).encode();
  const present = keys.at(-1);
  const protectedHeader = { alg: "RS256", kid: present.kid, ...header };
  if (key === "secret") {
    protectedHeader.alg = "HS256";
    return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(createSecretKey(CLIENT.client_secret, "utf8"));
  }
  const signer = { present, previous: keys[0], stranger: { ...(await makeKey()) } }[key];
  return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(await importJWK(signer, "RS256"));
}

async function start() {
  keys.push(await makeKey());
  const provider = new Provider(issuer, {
    clients: [CLIENT],
    jwks: { keys: [keys.at(-1)] },
    claims: CLAIMS,
    scopes: ["openid", "email", "profile"],
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ["only for tests"] },
    pkce: { required: () => true },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    // The claims as they stand when the account signs in; the test may change them meanwhile.
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ ...account, sub }) }),
    async loadExistingGrant(context) {
      const { client, session } = context.oidc;
      const grant = new context.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    await next();
    if (tamper && context.path === "/token" && context.body?.id_token) {
      context.body.id_token = await makeWrong(context.body.id_token, tamper);
    }
    if (tamper?.discovery && context.path === "/.well-known/openid-configuration") Object.assign(context.body, tamper.discovery);
    if (tamper?.userinfo && context.path === "/me") Object.assign(context.body, tamper.userinfo);
  });
  const answer = provider.callback();
  handle = async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    await provider.interactionFinished(request, response, { login: { accountId: account.sub } });
  };
}

async function readJson(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return JSON.parse(text);
}

process.stdin.resume().on("end", () => process.exit());
await start();
createServer(async (request, response) => {
  if (request.url === "/control") {
    const wanted = await readJson(request);
    if (wanted.account) account = wanted.account;
    if ("tamper" in wanted) tamper = wanted.tamper;
    if ("down" in wanted) isDown = wanted.down;
    if (wanted.rotate) await start();
    response.end("ok");
  } else if (isDown) {
    response.destroy();
  } else {
    await handle(request, response);
  }
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
