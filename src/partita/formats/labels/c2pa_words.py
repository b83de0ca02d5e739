"""What C2PA's status codes say, in words that a court understands.

Source: C2PA Technical Specification 2.4, table of status codes. A code without words of its own is told by its kind.
"""

from __future__ import annotations

FAILURES = {
    "algorithm.unsupported": "an algorithm is named that this reader does not know",
    "assertion.action.ingredientMismatch": "an action points at a source file that the credentials do not describe",
    "assertion.action.malformed": "the list of actions is not as the standard asks",
    "assertion.boxesHash.mismatch": "the file's content was changed after it was signed",
    "assertion.bmffHash.mismatch": "the file's content was changed after it was signed",
    "assertion.collectionHash.mismatch": "a file within the book was changed, added or renamed after it was signed",
    "assertion.collectionHash.incorrectFileCount": "files were added to the book or taken out after it was signed",
    "assertion.dataHash.mismatch": "the file's content was changed after it was signed, or less of it was signed than "
    "the standard asks",
    "assertion.dataHash.malformed": "what binds the credentials to the file is not as the standard asks",
    "assertion.hashedURI.mismatch": "a statement in the credentials was changed after it was signed",
    "assertion.inaccessible": "a statement of the credentials lies elsewhere and was not fetched",
    "assertion.missing": "a statement of the credentials is missing",
    "assertion.multipleHardBindings": "the credentials are bound to the file in more than one way",
    "assertion.notRedacted": "a statement said to be taken out is still there",
    "assertion.selfRedacted": "the credentials take out a statement of their own",
    "assertion.undeclared": "the credentials hold a statement that was not signed",
    "claim.hardBindings.missing": "nothing binds the credentials to the file",
    "claim.malformed": "the signed claim is not as the standard asks",
    "claim.missing": "the signed claim is missing",
    "claim.multiple": "there is more than one claim where one is allowed",
    "claimSignature.mismatch": "the signature does not fit what stands there: it was changed after it was signed",
    "claimSignature.missing": "the signature is missing",
    "claimSignature.outsideValidity": "it was signed outside the days for which the certificate was valid",
    "general.error": "the credentials cannot be checked to their end",
    "hashedURI.mismatch": "something that the credentials point at was changed",
    "hashedURI.missing": "something that the credentials point at is missing",
    "ingredient.claimSignature.mismatch": "the signature of a source file's credentials was exchanged",
    "ingredient.manifest.mismatch": "a source file's credentials were changed after they were taken in",
    "ingredient.manifest.missing": "a source file's credentials are missing",
    "manifest.inaccessible": "the credentials lie elsewhere and were not fetched",
    "manifest.multipleParents": "the credentials name more than one parent",
    "manifest.update.invalid": "an update of the credentials says what an update may not",
    "signingCredential.expired": "the certificate had expired, and no time stamp shows that it was signed before",
    "signingCredential.invalid": "the certificate is not one that C2PA allows for signing",
    "signingCredential.ocsp.revoked": "the certificate was revoked",
    "signingCredential.revoked": "the certificate was revoked",
    "signingCredential.untrusted": "untrusted outside: a private certificate, or an issuer not named as trusted",
    "timeStamp.mismatch": "the time stamp is of something else",
    "timeStamp.outsideValidity": "the time stamp lies outside the days of its certificate",
    "timeStamp.untrusted": "the time stamp's issuer was not named as trusted",
}
"""Words by status code."""

_KINDS = (
    (".mismatch", "something is not what was signed"),
    (".missing", "something that was signed is missing"),
    (".malformed", "something is not as the standard asks"),
    (".untrusted", "an issuer was not named as trusted"),
)


def words(code: str) -> str:
    """A status code in words."""
    return FAILURES.get(code) or next((text for end, text in _KINDS if code.endswith(end)), "the check failed")
