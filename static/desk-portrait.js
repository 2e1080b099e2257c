/*
 * A photo of a telephone is far too large for a portrait: made square and small here, before it is sent, and the right
 * way up. What fits goes as it is. Without a script the server says what fits.
 */
const MOST_BYTES = 200 * 1024;
const MOST_SIDE = 1600;
const SIDE = 640;
const QUALITY = 0.85;

/* The middle of a large picture, as a JPEG; nothing of what the camera wrote down goes along. */
const small = async (file) => {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  if (file.size <= MOST_BYTES && Math.max(picture.width, picture.height) <= MOST_SIDE) return file;
  const side = Math.min(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.min(SIDE, side);
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
  const content = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return new File([content], "portret.jpg", { type: "image/jpeg" });
};

const field = document.querySelector("input[type=file][accept^='image/']");
field?.addEventListener("change", async () => {
  const [file] = field.files;
  if (!file) return;
  try {
    const chosen = new DataTransfer();
    chosen.items.add(await small(file));
    if (field.files[0] === file) field.files = chosen.files;
  } catch {
    // No picture that this browser can read: the server says so.
  }
});
