/** XML as a strict parser reads it: elements with their attributes and text. */
import { SaxesParser } from "saxes";

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** The root element. Throws for what is not well-formed XML 1.0, forbidden characters included. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser();
  const document: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const path = [document];
  const top = (): XmlElement => path.at(-1) ?? document;
  parser.on("error", (error) => { throw error; });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes, children: [], text: "" };
    top().children.push(element);
    path.push(element);
  });
  parser.on("closetag", () => { path.pop(); });
  parser.on("text", (part) => { top().text += part; });
  parser.write(text).close();
  const [root] = document.children;
  if (root === undefined) throw new Error("no element");
  return root;
}
