// Writes docs/openapi.json, the description of the API, out of the contract's table of routes: `npm run openapi`.
import { readFileSync, writeFileSync } from "node:fs";
import { openApiDocument } from "../src/api/contract/openapi.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const file = new URL("../docs/openapi.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(openApiDocument(version), null, 2)}\n`);
