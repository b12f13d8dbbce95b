import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test from "node:test";
import { setTimeout as wait } from "node:timers/promises";

import { fetchPreview, makeAsker } from "../../static/js/lib/toolkit/markdown-preview.js";

/** A server that answers each question by `answer(fields, response)`; returns its address and how to end it. */
async function serve(answer) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    answer(new URLSearchParams(body), response, request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { address: `http://127.0.0.1:${server.address().port}/`, end: () => server.close() };
}

const QUESTION = { text: "a & b\n= ü", isUnderHeading: "yes", token: "secret" };

test("the text is posted as it is, with the form's token", async () => {
  let posted;
  const { address, end } = await serve((fields, response, request) => {
    posted = [request.method, Object.fromEntries(fields)];
    response.end(JSON.stringify({ html: "<p>a</p>", remarks: [] }));
  });

  const answer = await fetchPreview(address, QUESTION);
  end();

  assert.deepEqual(answer, { html: "<p>a</p>", remarks: [] });
  assert.deepEqual(posted, ["POST", { text: "a & b\n= ü", is_under_heading: "yes", csrfmiddlewaretoken: "secret" }]);
});

for (const [name, status] of [["a sign-in page", 302], ["a refusal", 403], ["a fault", 500]]) {
  test(`${name} is no preview`, async () => {
    const { address, end } = await serve((_fields, response) => {
      response.writeHead(status, { Location: "/accounts/login/" });
      response.end("<h1>Sign in</h1>");
    });

    await assert.rejects(fetchPreview(address, QUESTION), /The preview answered/);
    end();
  });
}

/** An asker whose questions are answered when the test says so. */
function makeHeld(pause = 5) {
  const questions = [];
  const shown = [];
  const ask = (signal) => new Promise((answer, lose) => questions.push({ answer, lose, signal }));
  const asker = makeAsker(ask, { onAnswer: (answer) => shown.push(answer), onLost: (error) => shown.push(error.message), pause });
  return { asker, questions, shown };
}

test("keys in a row are one question", async () => {
  const { asker, questions } = makeHeld(20);

  for (let key = 0; key < 5; key += 1) asker();
  assert.equal(questions.length, 0);
  await wait(60);

  assert.equal(questions.length, 1);
});

test("a late answer to an earlier text is not shown", async () => {
  const { asker, questions, shown } = makeHeld();
  asker();
  await wait(30);
  asker();
  await wait(30);

  questions[1].answer("second");
  questions[0].answer("first");
  await wait(1);

  assert.equal(questions[0].signal.aborted, true);
  assert.deepEqual(shown, ["second"]);
});

test("a lost answer is said, an aborted one is not", async () => {
  const { asker, questions, shown } = makeHeld();
  asker();
  await wait(30);
  asker();
  await wait(30);

  questions[0].lose(new DOMException("stopped", "AbortError"));
  questions[1].lose(new Error("lost"));
  await wait(1);

  assert.deepEqual(shown, ["lost"]);
});
