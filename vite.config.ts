import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: "src/dashboard",
  plugins: [react()],
  build: {
    outDir: "../../dist/dashboard",
    emptyOutDir: true,
    // Everything is a file of its own, so that the page needs nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // light-dark() and top-level await, since spring 2024.
    target: ["chrome123", "firefox120", "safari17.5"],
  },
  server: { host: "127.0.0.1", proxy: { "/v1": "http://127.0.0.1:8710" } },
});
