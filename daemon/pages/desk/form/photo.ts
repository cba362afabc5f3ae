// A photo from a telephone's camera is many times larger than anybody is shown (64 KiB), and carries where it was
// taken. It is drawn anew here, smaller and without what was written into it.
import type { Photo } from "../api/types";

const edgePxMax = 1280;
const quality = 0.86;

export async function photoFrom(file: File): Promise<Photo> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, edgePxMax / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return { mediaType: "image/jpeg", data: canvas.toDataURL("image/jpeg", quality).split(",")[1] ?? "" };
}

export const pictureOf = (photo: Photo) => `data:${photo.mediaType};base64,${photo.data}`;
