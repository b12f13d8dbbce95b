"""Is an id_token of the council's sign-in genuine, for us, for this very sign-in, and still valid?

allauth does not compare the nonce, and leaves the signature unread where the token came straight from the provider
over TLS. Here everything of OpenID Connect Core 1.0, 3.1.3.7, is checked every time.
"""

from secrets import compare_digest

import jwt
import requests

# Signatures with the provider's private key. "none" and those with a shared secret are not among them.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CLOCKS_APART = 60  # seconds
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]


class IdTokenError(ValueError):
    """The token is not to be believed; the message says why, without repeating what stands in it."""


def read_id_token(
    token: str, *, keys_url: str, issuer: str, client_id: str, nonce: str, session: requests.Session
) -> dict:
    """Return the claims of a genuine token.

    The keys are fetched anew each time, so a provider may replace them whenever it likes.
    Raises IdTokenError, and requests.RequestException when the keys cannot be had.
    """
    try:
        claims = jwt.decode(
            token,
            key=_key_for(token, keys_url, session),
            algorithms=ALGORITHMS,
            audience=client_id,
            issuer=issuer,
            leeway=CLOCKS_APART,
            options={"require": REQUIRED},
        )
    except jwt.PyJWTError as error:
        raise IdTokenError(type(error).__name__) from error
    if not nonce or not compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise IdTokenError("it belongs to another sign-in")
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", client_id) != client_id or (len(audience) > 1 and "azp" not in claims):
        raise IdTokenError("it was issued to another client")
    return claims


def _key_for(token: str, keys_url: str, session: requests.Session) -> jwt.PyJWK:
    wanted = jwt.get_unverified_header(token).get("kid")
    response = session.get(keys_url)
    response.raise_for_status()
    published = response.json()
    if not isinstance(published, dict):
        raise IdTokenError("the provider publishes no keys")
    keys = [key for key in jwt.PyJWKSet.from_dict(published).keys if key.public_key_use in (None, "sig")]
    if wanted is not None:
        keys = [key for key in keys if key.key_id == wanted]
    if len(keys) != 1:
        raise IdTokenError("it is not signed with one of the provider's keys")
    return keys[0]
