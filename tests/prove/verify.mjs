// An independent reader of a log, written from the specifications (c2sp.org: signed-note, tlog-checkpoint, tlog-cosignature,
// tlog-tiles, tlog-proof; RFC 6962) with nothing but what node itself brings. It shares no line with the package.
//
//   node verify.mjs log FOLDER VKEY [WITNESS_VKEY]      every entry, every tile, the root, the checkpoint's signatures,
//                                                       every partial tile, and an inclusion proof for some entries
//   node verify.mjs consistency FOLDER VKEY CHECKPOINT  the earlier checkpoint's tree is a beginning of the log's
//   node verify.mjs proof FILE VKEY ENTRY_FILE          a tlog-proof file, offline
//
// Prints one line of JSON and exits 0 where everything holds; prints the reason and exits 1 where it does not.

import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";

const WIDTH = 256;

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const leafHash = (data) => sha256(Buffer.of(0), data);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

function must(condition, reason) {
  if (!condition) throw new Error(reason);
}

function same(one, other) {
  return Buffer.compare(one, other) === 0;
}

function fromBase64(text) {
  const data = Buffer.from(text, "base64");
  must(data.toString("base64") === text, `not Base64: ${text.slice(0, 60)}`);
  return data;
}

// RFC 6962, 2.1: the largest power of two below n splits n leaves.
function half(n) {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function treeHash(hashes, low = 0, high = hashes.length) {
  if (high === low) return sha256();
  if (high - low === 1) return hashes[low];
  const middle = low + half(high - low);
  return nodeHash(treeHash(hashes, low, middle), treeHash(hashes, middle, high));
}

// RFC 6962, 2.1.1: PATH(m, D[n]).
function path(m, hashes, low = 0, high = hashes.length) {
  if (high - low === 1) return [];
  const middle = low + half(high - low);
  return m < middle
    ? [...path(m, hashes, low, middle), treeHash(hashes, middle, high)]
    : [...path(m, hashes, middle, high), treeHash(hashes, low, middle)];
}

// RFC 9162, 2.1.3.2: verifying an inclusion proof, bit by bit.
function rootFromInclusion(index, size, leaf, proof) {
  must(index < size, "the index lies beyond the tree");
  let fn = BigInt(index);
  let sn = BigInt(size) - 1n;
  let reached = leaf;
  for (const hash of proof) {
    must(hash.length === 32, "a hash is not 32 bytes long");
    must(sn > 0n, "the proof is too long");
    if (fn & 1n || fn === sn) {
      reached = nodeHash(hash, reached);
      while (!(fn & 1n) && fn > 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      reached = nodeHash(reached, hash);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  must(sn === 0n, "the proof is too short");
  return reached;
}

// RFC 6962, 2.1.2: SUBPROOF(m, D[n], b).
function subproof(m, hashes, low, high, known) {
  if (m === high) return known ? [] : [treeHash(hashes, low, high)];
  const middle = low + half(high - low);
  return m <= middle
    ? [...subproof(m, hashes, low, middle, known), treeHash(hashes, middle, high)]
    : [...subproof(m, hashes, middle, high, false), treeHash(hashes, low, middle)];
}

// RFC 9162, 2.1.4.2: verifying a consistency proof.
function verifyConsistency(first, second, firstHash, secondHash, given) {
  must(first > 0 && first <= second, "the sizes are not in order");
  if (first === second) return must(given.length === 0 && same(firstHash, secondHash), "the trees differ");
  const proof = (first & (first - 1)) === 0 ? [firstHash, ...given] : [...given];
  must(proof.length > 0, "the proof is empty");
  let fn = BigInt(first) - 1n;
  let sn = BigInt(second) - 1n;
  while (fn & 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let fr = proof[0];
  let sr = proof[0];
  for (const hash of proof.slice(1)) {
    must(sn > 0n, "the proof is too long");
    if (fn & 1n || fn === sn) {
      fr = nodeHash(hash, fr);
      sr = nodeHash(hash, sr);
      while (!(fn & 1n) && fn > 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      sr = nodeHash(sr, hash);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  must(same(fr, firstHash) && same(sr, secondHash) && sn === 0n, "the log is not consistent with the checkpoint");
}

// c2sp.org/signed-note
function verifierKey(text) {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim()) ?? [];
  must(encoded, "no verifier key");
  const material = fromBase64(encoded);
  const kind = material[0];
  must(material.length === 33 && (kind === 1 || kind === 4), "not an Ed25519 key");
  const keyId = sha256(Buffer.from(`${name}\n`), material).subarray(0, 4);
  must(keyId.toString("hex") === id, "the key does not fit its hash");
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), material.subarray(1)]);
  return { name, kind, keyId, key: createPublicKey({ key: spki, format: "der", type: "spki" }) };
}

function signedNote(bytes) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  must(!/[\u0000-\u0009\u000b-\u001f]/.test(text), "the note holds a control character");
  const cut = text.lastIndexOf("\n\n");
  must(cut > 0 && text.endsWith("\n"), "no signed note");
  const signatures = text.slice(cut + 2, -1).split("\n").map((line) => {
    const [dash, name, encoded, ...more] = line.split(" ");
    must(dash === "\u2014" && name && !name.includes("+") && encoded && more.length === 0, `no signature line: ${line}`);
    const data = fromBase64(encoded);
    must(data.length > 4, `no signature line: ${line}`);
    return { name, keyId: data.subarray(0, 4), data: data.subarray(4) };
  });
  return { text: text.slice(0, cut + 1), signatures };
}

// The signature of a key that is known must be there and must hold; c2sp.org/tlog-cosignature for kind 4.
function verifySignature(note, key) {
  const found = note.signatures.filter((each) => each.name === key.name && same(each.keyId, key.keyId));
  must(found.length > 0, `${key.name} did not sign`);
  for (const { data } of found) {
    let message = note.text;
    let signature = data;
    if (key.kind === 4) {
      must(data.length === 72, "a cosignature has 72 bytes");
      message = `cosignature/v1\ntime ${data.readBigUInt64BE(0)}\n${note.text}`;
      signature = data.subarray(8);
    }
    must(verify(null, Buffer.from(message), key.key, signature), `the signature of ${key.name} does not hold`);
  }
}

// c2sp.org/tlog-checkpoint
function checkpoint(note, origin) {
  const lines = note.text.slice(0, -1).split("\n");
  must(lines.length >= 3 && lines.every((line) => line), "no checkpoint");
  must(lines[0] === origin, `the checkpoint is of ${lines[0]}`);
  must(/^(0|[1-9][0-9]*)$/.test(lines[1]), "the checkpoint has no size");
  const root = fromBase64(lines[2]);
  must(root.length === 32, "the checkpoint's root is not 32 bytes long");
  return { size: Number(lines[1]), root };
}

// c2sp.org/tlog-tiles
function tilePath(level, index, width) {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0");
  const parts = digits.match(/.{3}/g);
  const name = parts.map((part, place) => (place < parts.length - 1 ? `x${part}` : part)).join("/");
  return `tile/${level}/${name}${width < WIDTH ? `.p/${width}` : ""}`;
}

function bundle(bytes) {
  const entries = [];
  let place = 0;
  while (place < bytes.length) {
    must(place + 2 <= bytes.length, "a bundle is cut");
    const end = place + 2 + bytes.readUInt16BE(place);
    must(end <= bytes.length, "a bundle is cut");
    entries.push(bytes.subarray(place + 2, end));
    place = end;
  }
  return entries;
}

// The file of a tile, or the full one where the partial one is gone, as a client may do; and its partial forms.
function* tileFiles(folder, level, index, width) {
  const exact = `${folder}/${tilePath(level, index, width)}`;
  const full = `${folder}/${tilePath(level, index, WIDTH)}`;
  yield [readFileSync(existsSync(exact) ? exact : full), width];
  if (existsSync(`${full}.p`)) {
    for (const name of readdirSync(`${full}.p`)) {
      if (Number(name) < width) yield [readFileSync(`${full}.p/${name}`), Number(name)];
    }
  }
}

function readLog(folder, key, witness) {
  const note = signedNote(readFileSync(`${folder}/checkpoint`));
  const told = checkpoint(note, key.name);
  verifySignature(note, key);
  if (witness) verifySignature(note, witness);
  const leaves = [];
  for (let index = 0; index * WIDTH < told.size; index += 1) {
    const width = Math.min(told.size - index * WIDTH, WIDTH);
    const forms = [...tileFiles(folder, "entries", index, width)].map(([bytes, count]) => [bundle(bytes), count]);
    for (const [entries, count] of forms) must(entries.length >= count, `bundle ${index} has too few entries`);
    const hashes = forms[0][0].slice(0, width).map(leafHash);
    for (const [entries, count] of forms.slice(1)) {
      must(entries.every((each, place) => same(leafHash(each), hashes[place])) && entries.length === count,
        `a partial form of bundle ${index} differs`);
    }
    leaves.push(...hashes);
  }
  for (let level = 0, row = leaves; row.length; level += 1) {
    const above = [];
    for (let index = 0; index * WIDTH < row.length; index += 1) {
      const hashes = row.slice(index * WIDTH, (index + 1) * WIDTH);
      for (const [bytes, count] of tileFiles(folder, level, index, hashes.length)) {
        must(same(bytes.subarray(0, count * 32), Buffer.concat(hashes.slice(0, count))) && bytes.length >= count * 32,
          `tile ${level}/${index} is not what lies under it`);
      }
      if (hashes.length === WIDTH) above.push(treeHash(hashes));
    }
    row = above;
  }
  must(same(treeHash(leaves), told.root), "the tiles do not have the checkpoint's root");
  return { told, leaves };
}

function main([verb, first, vkey, last]) {
  const key = verifierKey(vkey);
  if (verb === "log") {
    const { told, leaves } = readLog(first, key, last && verifierKey(last));
    for (const index of [0, told.size >> 1, told.size - 1].filter((each) => each >= 0 && each < told.size)) {
      const proof = path(index, leaves);
      must(same(rootFromInclusion(index, told.size, leaves[index], proof), told.root), "an entry is not in the tree");
    }
    return { size: told.size, root: told.root.toString("base64") };
  }
  if (verb === "consistency") {
    const { told, leaves } = readLog(first, key);
    const note = signedNote(readFileSync(last));
    verifySignature(note, key);
    const seen = checkpoint(note, key.name);
    must(seen.size <= told.size, "the log was rolled back");
    const proof = subproof(seen.size, leaves, 0, told.size, true);
    verifyConsistency(seen.size, told.size, seen.root, told.root, proof);
    return { old: seen.size, size: told.size, proof: proof.map((hash) => hash.toString("base64")) };
  }
  must(verb === "proof", `no such check: ${verb}`);
  const bytes = readFileSync(first);
  const cut = bytes.indexOf("\n\n");
  must(cut > 0, "no proof file");
  const lines = bytes.subarray(0, cut).toString("latin1").split("\n");
  must(lines.shift() === "c2sp.org/tlog-proof@v1", "no proof file");
  if (lines[0]?.startsWith("extra ")) fromBase64(lines.shift().slice(6));
  const index = /^index (0|[1-9][0-9]*)$/.exec(lines.shift() ?? "");
  must(index, "the proof file states no index");
  const note = signedNote(bytes.subarray(cut + 2));
  const told = checkpoint(note, key.name);
  verifySignature(note, key);
  const reached = rootFromInclusion(Number(index[1]), told.size, leafHash(readFileSync(last)), lines.map(fromBase64));
  must(same(reached, told.root), "the proof does not lead to the root");
  return { index: Number(index[1]), size: told.size };
}

try {
  console.log(JSON.stringify(main(process.argv.slice(2))));
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
