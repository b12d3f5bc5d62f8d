/** A photo from a phone is many megabytes; what a technician needs fits in a few hundred kilobytes. */

const LONGEST_SIDE = 1920
const LARGEST_SIDE = 2000
const SMALL_ENOUGH = 1_500_000
const QUALITY = 0.85

export async function shrink(file: File): Promise<Blob> {
  if (file.type === 'image/gif') return file
  const small = file.size <= SMALL_ENOUGH && file.type !== 'image/heic'
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file)
  } catch (error) {
    if (small) return file // the server decides what it is
    throw error
  }
  const longest = Math.max(bitmap.width, bitmap.height)
  if (small && longest <= LARGEST_SIDE) {
    bitmap.close()
    return file
  }
  const scale = Math.min(1, LONGEST_SIDE / longest)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(bitmap.width * scale)
  canvas.height = Math.round(bitmap.height * scale)
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  return blob ?? file
}
