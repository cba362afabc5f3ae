import "../base.css";
import "./components.css";

export { Banner } from "./banner";
export { Button, type ButtonKind } from "./button";
export { Dialog, DialogActions } from "./dialog";
export { Choices, Field, FieldSet, Select, TextArea, TextField, Tick, Ticks, attributesOf, idOf, type Option } from "./field";
export { Meter } from "./meter";
export { Table, type Column } from "./table";
export { Tag, type TagTone } from "./tag";
