// Seal pages as StatiCrypt's own command does, each with a password of its own, all in one process: its command takes one
// password a start. Passwords become keys beforehand (`derive`), as they do for everyone who is compared.
//
//   node staticrypt.mjs derive NUMBER KEYS.json    |    node staticrypt.mjs seal KEYS.json FOLDER
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.cwd(), "package.json"));
const engine = require("staticrypt/lib/cryptoEngine.js");
const { init } = require("staticrypt/lib/codec.js");
const helpers = require("staticrypt/cli/helpers.js");
const template = path.join(process.cwd(), "node_modules/staticrypt/lib/password_template.html");
const [what, ...rest] = process.argv.slice(2);

if (what === "derive") {
  const [number, file] = rest;
  const keys = [];
  for (let index = 0; index < Number(number); index++) {
    const salt = engine.generateRandomSalt();
    keys.push({ salt, hashed: await engine.hashPassword(`password of room ${index}`, salt) });
  }
  fs.writeFileSync(file, JSON.stringify(keys));
} else {
  const [file, folder] = rest;
  const keys = JSON.parse(fs.readFileSync(file, "utf8"));
  const { encodeWithHashedPassword } = init(engine);
  const script = helpers.buildStaticryptJS();
  const pages = fs.readdirSync(folder).filter((name) => name.startsWith("deal-")).sort();
  for (const [index, name] of pages.entries()) {
    const page = path.join(folder, name, "index.html");
    const { salt, hashed } = keys[index];
    const sealed = await encodeWithHashedPassword(fs.readFileSync(page, "utf8"), hashed);
    const data = {
      is_remember_enabled: "true",
      js_staticrypt: script,
      staticrypt_config: {
        staticryptEncryptedMsgUniqueVariableName: sealed,
        isRememberEnabled: true,
        rememberDurationInDays: 0,
        staticryptSaltUniqueVariableName: salt,
      },
      template_title: "Protected page",
    };
    helpers.genFile(data, page, template);
  }
}
