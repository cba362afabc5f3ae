import { render } from "preact";
import "../design/tokens.css";

render(<div />, document.getElementById("screen")!);
