/** Photos for the queue: made small on the phone, kept as bytes (some browsers lose blobs that are stored). */
import { shrink } from '@/shared/pictures'
import { type Taken, takenOf } from '@/shared/taken'
import { whereIfAllowed } from './position'
import type { Picture } from './store'

/** Older than this, a file is no shot of this moment, whatever it came from. */
const JUST_NOW_MS = 2 * 60_000

/** `shot`: it comes from the camera, so that the phone knows when and where where the file does not say. */
export async function toPicture(file: File, shot = false): Promise<Picture> {
  const [blob, taken] = await Promise.all([shrink(file), shot ? takenNow(file) : takenOf(file)])
  return { name: file.name || 'photo.jpg', type: blob.type || 'image/jpeg', bytes: await blob.arrayBuffer(), mediaId: null, taken }
}

async function takenNow(file: File): Promise<Taken> {
  const now = Date.now()
  const said = await takenOf(file)
  if (now - file.lastModified > JUST_NOW_MS) return said
  const at = said.at ?? new Date(now).toISOString()
  if (said.lat !== null) return { ...said, at }
  const fix = await whereIfAllowed()
  return { at, lat: fix?.lat ?? null, lng: fix?.lng ?? null }
}

/** What an input has chosen; it can be used for the same photo again. */
export function chosenFiles(event: Event): File[] {
  const input = event.target as HTMLInputElement
  const files = [...(input.files ?? [])]
  input.value = ''
  return files
}
