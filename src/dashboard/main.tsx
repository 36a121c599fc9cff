// Starts the page: theme, fonts, live store, React. The only file that knows the browser's own clock and network.
import "./style/tokens.css";
import "./style/frame.css";
import "./style/parts.css";
import "./style/rows.css";
import "./style/states.css";
import "./style/charts.css";
import { createRoot } from "react-dom/client";
import { createClient } from "../api/client/client.ts";
import { watchLive } from "../api/client/watch-live.ts";
import { App } from "./app.tsx";
import { keptKey } from "./key.ts";
import { createLiveStore } from "./live/live-store.ts";
import { createWhenVisible } from "./live/when-visible.ts";
import { applyKeptTheme } from "./theme.ts";

const clock = (): number => performance.now();
const key = keptKey();
const server = { address: "", fetcher: fetch.bind(window), ...(key !== undefined && { key }) };
const place = document.getElementById("page");

applyKeptTheme();
const store = createLiveStore({ client: createClient(server), clock, whenVisible: createWhenVisible() });
void store.follow(watchLive({ ...server, signal: new AbortController().signal }));
// Charts measure their labels when they are first drawn: the font has to be there by then.
await Promise.allSettled([document.fonts.load('15px "HR Sans"'), document.fonts.load('600 15px "HR Sans"')]);
if (place) createRoot(place).render(<App store={store} clock={clock} />);
