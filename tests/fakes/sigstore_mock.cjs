// The services of Sigstore as its own mock (npm, @sigstore/mock) makes them, over plain HTTP on loopback.
//
//     node sigstore_mock.cjs NODE_MODULES
//
// prints one line of JSON, with the port and the keys that a trust root needs, and serves until its input ends. The
// mock has handlers for requests as JavaScript's client makes them: here the token of the header is put into the body,
// and a time stamp request is read.
"use strict";
const crypto = require("node:crypto");
const http = require("node:http");
const path = require("node:path");

const modules = path.resolve(process.argv[2]);
const find = (name) => require(require.resolve(name, { paths: [modules] }));
const mock = find("@sigstore/mock");
const pkijs = find("pkijs");
const pair = () => crypto.generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const b64 = (bytes) => Buffer.from(bytes).toString("base64");

async function main() {
  const ctlog = await mock.initializeCTLog(pair());
  const ca = await mock.initializeCA(pair(), ctlog);
  const tlog = await mock.initializeTLog("https://mock.log", pair());
  const tsa = await mock.initializeTSA(pair());
  // npm's reader takes three digits of a second or none, and DER writes no nought at their end.
  tsa.getCurrentTime = () => new Date(Math.floor(Date.now() / 1000) * 1000);
  const certify = mock.fulcioHandler(ca);
  const log = mock.rekorHandler(tlog);

  async function answer(request, body) {
    if (request.url === certify.path) {
      const asked = JSON.parse(body);
      const token = (request.headers.authorization || "").replace(/^Bearer /, "");
      const pem = Buffer.from(asked.certificateSigningRequest, "base64").toString();
      return certify.fn(JSON.stringify({ credentials: { oidcIdentityToken: token }, certificateSigningRequest: pem }));
    }
    if (request.url === log.path) return log.fn(body.toString());
    if (request.url === "/api/v1/timestamp") {
      const asked = pkijs.TimeStampReq.fromBER(new Uint8Array(body).buffer);
      const response = await tsa.timestamp({
        artifactHash: Buffer.from(asked.messageImprint.hashedMessage.valueBlock.valueHexView),
        hashAlgorithmOID: asked.messageImprint.hashAlgorithm.algorithmId,
        nonce: 1,
        policyOID: "1.3.6.1.4.1.57264.2",
        certReq: true,
      });
      return { statusCode: 201, response, contentType: "application/timestamp-reply" };
    }
    return { statusCode: 404, response: "" };
  }

  const server = http.createServer((request, reply) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", async () => {
      const { statusCode, response, contentType } = await answer(request, Buffer.concat(parts));
      reply.writeHead(statusCode, { "Content-Type": contentType || "text/plain" });
      reply.end(response);
    });
  });
  server.listen(0, "127.0.0.1", () => {
    const told = {
      port: server.address().port,
      ca: b64(ca.rootCertificate),
      ct: b64(ctlog.publicKey),
      log: b64(tlog.publicKey),
      tsa: [b64(tsa.intCertificate), b64(tsa.rootCertificate)],
    };
    process.stdout.write(`${JSON.stringify(told)}\n`);
  });
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
}

main();
