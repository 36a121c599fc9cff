// The built page as static files: one folder, nothing above it, nothing hidden, and no script that is not a file of it.
import { join, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { PAGE_PATHS } from "../contract/addresses.ts";

/** `folder` is absolute and holds index.html and assets/, whose file names change with their content. */
export async function servePage(app: FastifyInstance, folder: string): Promise<void> {
  const assets = join(folder, "assets", sep);
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    dotfiles: "ignore",
    redirect: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isNamedByContent = path.startsWith(assets);
      reply.header("cache-control", isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  for (const path of PAGE_PATHS) app.get(path, (_request, reply) => reply.sendFile("index.html"));
}
