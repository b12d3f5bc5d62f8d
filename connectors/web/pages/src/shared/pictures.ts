/** A photo from a phone is many megabytes; what a technician needs fits in a few hundred kilobytes. */

const LONGEST_SIDE = 1920
const SMALL_ENOUGH = 1_500_000
const QUALITY = 0.85

export async function shrink(file: File): Promise<Blob> {
  const takenAsIs = file.type === 'image/gif' || (file.size <= SMALL_ENOUGH && file.type !== 'image/heic')
  if (takenAsIs) return file
  const bitmap = await createImageBitmap(file)
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(bitmap.width * scale)
  canvas.height = Math.round(bitmap.height * scale)
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  return blob ?? file
}
