// Another reader of what was signed: npm's @sigstore/verify, which shares nothing with the library in Python.
//
//     node sigstore_verify.cjs NODE_MODULES TRUST_CONFIG BUNDLE FILE ISSUER IDENTITY
//
// prints the identity that signed the file, and ends with 1 and the reason where it is not signed so.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const [folder, trust, bundle, file, issuer, identity] = process.argv.slice(2);
const find = (name) => require(require.resolve(name, { paths: [path.resolve(folder)] }));
const { bundleFromJSON } = find("@sigstore/bundle");
const { toSignedEntity, toTrustMaterial, Verifier } = find("@sigstore/verify");
const { TrustedRoot } = find("@sigstore/protobuf-specs");

try {
  const root = TrustedRoot.fromJSON(JSON.parse(fs.readFileSync(trust)).trustedRoot);
  const verifier = new Verifier(toTrustMaterial(root), { tlogThreshold: 1, ctlogThreshold: 1 });
  const entity = toSignedEntity(bundleFromJSON(JSON.parse(fs.readFileSync(bundle))), fs.readFileSync(file));
  const policy = { subjectAlternativeName: identity, extensions: { issuer } };
  process.stdout.write(`${verifier.verify(entity, policy).identity.subjectAlternativeName}\n`);
} catch (error) {
  process.stderr.write(`${error.code || error.name}: ${error.message}\n`);
  process.exit(1);
}
