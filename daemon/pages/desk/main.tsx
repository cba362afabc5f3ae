import { render } from "preact";
import "../design/tokens.css";
import "../design/components";
import "./desk.css";
import { App } from "./app";
import { Speaking } from "./text";

render(
  <Speaking>
    <App />
  </Speaking>,
  document.getElementById("desk")!,
);
