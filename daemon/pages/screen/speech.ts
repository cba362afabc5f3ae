import type { Notice } from "./current";

/// Reads notices aloud where the browser can, each revision once.
export class Speaker {
  private readonly spoken: Record<string, boolean> = {};
  private speaking = "";

  constructor(private readonly wanted: boolean) {}

  speak(notice: Notice): void {
    const revision = `${notice.alertId} ${notice.revision}`;
    if (!this.wanted || typeof speechSynthesis === "undefined" || this.spoken[revision]) return;
    this.spoken[revision] = true;
    notice.texts.forEach((text) => {
      const utterance = new SpeechSynthesisUtterance(text.speech || text.headline);
      utterance.lang = text.language;
      utterance.onstart = () => { this.speaking = notice.alertId; };
      speechSynthesis.speak(utterance);
    });
  }

  /// Only what is still in force may be heard.
  keep(alertIds: string[]): void {
    if (this.speaking && alertIds.indexOf(this.speaking) < 0) {
      this.speaking = "";
      speechSynthesis.cancel();
    }
  }
}
