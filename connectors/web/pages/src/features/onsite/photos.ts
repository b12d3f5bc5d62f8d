/** Photos for the queue: made small on the phone, kept as bytes (some browsers lose blobs that are stored). */
import { shrink } from '@/shared/pictures'
import type { Picture } from './store'

export async function toPicture(file: File): Promise<Picture> {
  const blob = await shrink(file)
  return { name: file.name || 'photo.jpg', type: blob.type || 'image/jpeg', bytes: await blob.arrayBuffer(), mediaId: null }
}

/** What an input has chosen; it can be used for the same photo again. */
export function chosenFiles(event: Event): File[] {
  const input = event.target as HTMLInputElement
  const files = [...(input.files ?? [])]
  input.value = ''
  return files
}
