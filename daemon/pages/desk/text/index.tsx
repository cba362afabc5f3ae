import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { en } from "./en";
import { chooseLanguage, language, type Language } from "./language";
import { zh, type Texts } from "./zh";

const dictionaries: Record<Language, Texts> = { "zh-CN": zh, en };

interface Speech {
  texts: Texts;
  language: Language;
  change: () => void;
}

const Context = createContext<Speech>({ texts: zh, language: "zh-CN", change: () => {} });

/** The language of the page, which everything in it speaks; it says so to screen readers. */
export function Speaking({ children }: { children: ComponentChildren }) {
  const [current, setCurrent] = useState(language());
  const texts = dictionaries[current];
  useEffect(() => {
    document.documentElement.lang = current;
  }, [current]);
  const change = () => {
    const next = current === "en" ? "zh-CN" : "en";
    chooseLanguage(next);
    setCurrent(next);
  };
  return <Context.Provider value={{ texts, language: current, change }}>{children}</Context.Provider>;
}

export const useSpeech = () => useContext(Context);
export const useTexts = () => useContext(Context).texts;

/** The word for what the API calls by a name; a name that this page does not know stands for itself. */
export const wordFor = (words: Record<string, string>, name: string): string => words[name] ?? name;

export type { Texts };
