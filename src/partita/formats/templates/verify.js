"use strict";
// Verifies a statement in the reader's own browser: no server is asked, nothing leaves the machine.
// Hashing: RFC 6962; proofs: c2sp.org/tlog-proof; signatures: c2sp.org/signed-note (Ed25519).
const encoder = new TextEncoder();

class Fault extends Error {
  constructor(code, detail) { super(detail); this.code = code; }
}

// JSON with whole numbers kept exactly: amounts and weights go beyond what a double can hold.
function parse(text) {
  let at = 0;
  const fail = () => { throw new Fault("malformed", `character ${at}`); };
  const blank = () => { while (" \t\n\r".includes(text[at]) && at < text.length) at++; };
  const string = () => {
    const start = at++;
    while (text[at] !== '"') { if (at >= text.length) fail(); at += text[at] === "\\" ? 2 : 1; }
    at++;
    try { return JSON.parse(text.slice(start, at)); } catch { at = start; return fail(); }
  };
  const value = (depth) => {
    if (depth > 64) fail();
    blank();
    const sign = text[at];
    if (sign === '"') return string();
    if (sign === "{" || sign === "[") {
      const found = sign === "{" ? new Map() : [];
      const end = sign === "{" ? "}" : "]";
      at++; blank();
      if (text[at] === end) { at++; return found; }
      for (;;) {
        if (sign === "{") {
          blank();
          if (text[at] !== '"') fail();
          const name = string();
          if (found.has(name)) fail();
          blank();
          if (text[at++] !== ":") fail();
          found.set(name, value(depth + 1));
        } else found.push(value(depth + 1));
        blank();
        const next = text[at++];
        if (next === end) return found;
        if (next !== ",") fail();
      }
    }
    for (const [word, meant] of [["true", true], ["false", false], ["null", null]])
      if (text.startsWith(word, at)) { at += word.length; return meant; }
    const number = /^-?(0|[1-9][0-9]*)(?![0-9.eE])/.exec(text.slice(at, at + 400));
    if (!number) return fail();
    at += number[0].length;
    return BigInt(number[0]);
  };
  const found = value(0);
  blank();
  if (at !== text.length) fail();
  return found;
}

const before = (a, b) => {
  const [x, y] = [encoder.encode(a), encoder.encode(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i] - y[i];
  return x.length - y.length;
};

function canonical(value) {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value instanceof Map)
    return `{${[...value.keys()].sort(before).map((k) => `${JSON.stringify(k)}:${canonical(value.get(k))}`).join(",")}}`;
  return JSON.stringify(value);
}

function figures(document) {
  const found = [];
  const walk = (value, place) => {
    const inner = value instanceof Map ? [...value] : Array.isArray(value) ? [...value.entries()] : [];
    if (!inner.length) { found.push([place, value]); return; }
    for (const [name, each] of inner) {
      if (place === "" && name === "proof") continue;
      walk(each, `${place}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`);
    }
  };
  walk(document, "");
  return found.sort((a, b) => before(a[0], b[0]));
}

const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
};
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const leafHash = (data) => sha256(joined([0], data));
const nodeHash = (left, right) => sha256(joined([1], left, right));
const hmac = async (key, data) => {
  const made = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", made, data));
};
function bytes(text, what) {
  if (typeof text !== "string" || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    throw new Fault("malformed", what);
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

async function rootOf(hashes) {
  if (hashes.length === 1) return hashes[0];
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  return nodeHash(await rootOf(hashes.slice(0, half)), await rootOf(hashes.slice(half)));
}

// RFC 9162, 2.1.3.2
async function included(index, size, leaf, path, root) {
  if (index < 0n || index >= size) throw new Fault("forged_proof", `${index} / ${size}`);
  let [low, last, hash] = [index, size - 1n, leaf];
  for (const step of path) {
    if (last === 0n) throw new Fault("forged_proof", "path");
    if (low & 1n || low === last) {
      hash = await nodeHash(step, hash);
      while (!(low & 1n) && low !== 0n) { low >>= 1n; last >>= 1n; }
    } else hash = await nodeHash(hash, step);
    low >>= 1n; last >>= 1n;
  }
  if (last !== 0n || !same(hash, root)) throw new Fault("forged_proof", "root");
}

async function unsealed(document, salt, hints) {
  const found = figures(document);
  const hashes = [];
  for (const [place, value] of found) {
    const own = await hmac(salt, encoder.encode(place));
    hashes.push(await leafHash(await hmac(own, encoder.encode(canonical([place, value])))));
  }
  if (hints.length !== 6 * hashes.length) throw new Fault("altered_count", `${hashes.length} / ${hints.length / 6}`);
  const wrong = found.filter((_, i) => !same(hashes[i].slice(0, 6), hints.slice(6 * i, 6 * i + 6)));
  if (wrong.length && wrong.length === found.length) throw new Fault("altered_salt", "");
  if (wrong.length) throw new Fault("altered_figure", wrong.slice(0, 5).map(([p, v]) => `${p} = ${canonical(v)}`).join(", "));
  return { root: await rootOf(hashes), count: hashes.length };
}

async function keyOf(text) {
  const found = /^(\S+?)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  if (!found) throw new Fault("bad_key", "");
  const data = bytes(found[3], "key");
  const id = (await sha256(joined(encoder.encode(`${found[1]}\n`), data))).slice(0, 4);
  const shown = [...id].map((b) => b.toString(16).padStart(2, "0")).join("");
  if (data[0] !== 1 || data.length !== 33 || shown !== found[2]) throw new Fault("bad_key", "");
  return { name: found[1], id, data: data.slice(1) };
}

async function checkpoint(note, key) {
  const cut = note.lastIndexOf("\n\n");
  const text = note.slice(0, cut + 1);
  const lines = text.split("\n");
  if (cut < 0 || lines.length < 4) throw new Fault("malformed", "checkpoint");
  if (lines[0] !== key.name) throw new Fault("wrong_origin", lines[0]);
  for (const line of note.slice(cut + 2).split("\n")) {
    const signed = /^\u2014 (\S+) (\S+)$/.exec(line);
    if (!signed || signed[1] !== key.name) continue;
    const data = bytes(signed[2], "signature");
    if (!same(data.slice(0, 4), key.id)) continue;
    const made = await crypto.subtle.importKey("raw", key.data, { name: "Ed25519" }, false, ["verify"]);
    if (!(await crypto.subtle.verify({ name: "Ed25519" }, made, data.slice(4), encoder.encode(text))))
      throw new Fault("forged_signature", key.name);
    if (!/^(0|[1-9][0-9]{0,18})$/.test(lines[1])) throw new Fault("malformed", "checkpoint");
    return { origin: lines[0], size: BigInt(lines[1]), root: bytes(lines[2], "root") };
  }
  throw new Fault("unknown_key", key.name);
}

async function logged(entry, text, key) {
  const cut = text.indexOf("\n\n");
  const [header, ...lines] = text.slice(0, cut).split("\n");
  if (cut < 0 || header !== "c2sp.org/tlog-proof@v1") throw new Fault("malformed", "log");
  if (lines[0]?.startsWith("extra ")) lines.shift();
  const index = /^index (0|[1-9][0-9]{0,18})$/.exec(lines.shift() ?? "");
  if (!index || lines.length > 64) throw new Fault("malformed", "log");
  const signed = await checkpoint(text.slice(cut + 2), key);
  const leaf = await leafHash(encoder.encode(entry));
  await included(BigInt(index[1]), signed.size, leaf, lines.map((l) => bytes(l, "log")), signed.root);
  return { ...signed, index: index[1] };
}

const MICRO = 1000000n;
function micro(text) {
  const found = /^(-?)([0-9,]+)(?:\.([0-9]{1,6}))?$/.exec(text);
  if (!found) throw new Fault("altered_figure", text);
  const amount = BigInt(found[2].replaceAll(",", "")) * MICRO + BigInt((found[3] ?? "").padEnd(6, "0"));
  return found[1] ? -amount : amount;
}
const size = (n) => (n < 0n ? -n : n);
const part = (amount, ppm) => ((size(amount) * ppm) / MICRO) * (amount < 0n ? -1n : 1n);

// The same arithmetic as partita.prove.statement.recompute.
function recompute(document) {
  if (document.get("form") !== "partita.statement/1") return 0;
  const wrong = (place, found, right) => { throw new Fault("altered_figure", `${place} = ${found}; ${right}`); };
  const equal = (place, found, right) => { if (found !== right) wrong(place, found, right); };
  const [lines, pools, sums] = ["lines", "pools", "money"].map((name) => document.get(name));
  const adjusts = document.get("adjusts");
  const gross = new Map();
  lines.forEach((line, n) => {
    const place = `/lines/${n}`;
    equal(`${place}/amount`, micro(line.get("amount")), line.get("amount_micro"));
    const pool = pools.get(line.get("pool_id"));
    gross.set(line.get("pool_id"), (gross.get(line.get("pool_id")) ?? 0n) + line.get("amount_micro"));
    if (adjusts) return;
    const work = (size(pool.get("amount_micro")) * line.get("weight")) / pool.get("weight");
    const low = [work, work + 1n].map((w) => (w * line.get("share_ppm")) / line.get("claimed_ppm"));
    const found = pool.get("amount_micro") < 0n ? -line.get("amount_micro") : line.get("amount_micro");
    if (![...low, ...low.map((l) => l + 1n)].includes(found)) wrong(`${place}/amount_micro`, line.get("amount_micro"), low[0]);
  });
  for (const [name, pool] of pools) equal(`/pools/${name}/amount`, micro(pool.get("amount")), pool.get("amount_micro"));
  for (const name of ["gross", "fee", "fund", "net", "carried_in", "paid", "carried_out"])
    equal(`/money/${name}`, micro(sums.get(name)), sums.get(`${name}_micro`));
  const of = (name) => sums.get(`${name}_micro`);
  equal("/money/gross_micro", of("gross"), [...gross.values()].reduce((a, b) => a + b, 0n));
  if (!adjusts)
    for (const name of ["fee", "fund"])
      equal(`/money/${name}_micro`, of(name), [...gross.values()].reduce((a, b) => a + part(b, sums.get(`${name}_ppm`)), 0n));
  equal("/money/net_micro", of("net"), of("gross") - of("fee") - of("fund"));
  equal("/money/carried_out_micro", of("carried_out"), of("net") + of("carried_in") - of("paid"));
  return lines.length + 7;
}

async function verify(text, keyText) {
  const document = parse(text.replace(/^\ufeff/, ""));
  const proof = document instanceof Map ? document.get("proof") : null;
  if (!(proof instanceof Map) || proof.get("form") !== "partita.proof/1") throw new Fault("no_proof", "");
  const salt = bytes(proof.get("salt"), "salt");
  if (salt.length !== 32) throw new Fault("malformed", "salt");
  const { root, count } = await unsealed(document, salt, bytes(proof.get("hints"), "hints"));
  const said = proof.get("entry");
  const entry = parse(String(said));
  if (!(entry instanceof Map) || canonical(entry) !== said || entry.get("v") !== 1n) throw new Fault("malformed", "entry");
  const commitment = bytes(entry.get("commitment"), "entry");
  if (proof.get("size") !== entry.get("count")) throw new Fault("forged_proof", "size");
  if (proof.get("size") === 1n) {
    if (!same(root, commitment)) throw new Fault("forged_proof", "root");
  } else {
    const path = proof.get("path").map((step) => bytes(step, "path"));
    await included(proof.get("index"), proof.get("size"), await leafHash(root), path, commitment);
  }
  const found = await logged(String(said), String(proof.get("log")), await keyOf(keyText));
  let amounts;
  try { amounts = recompute(document); } catch (error) {
    throw error instanceof Fault ? error : new Fault("altered_figure", String(error.message));
  }
  return { document, entry, count, amounts, log: found };
}
