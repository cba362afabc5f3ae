import { render } from "preact";
import "../design/tokens.css";

render(<h1>团圆 · 值班台</h1>, document.getElementById("desk")!);
