/** When and where a photo was taken, as its file says: read before the photo is made small, which takes it out. */

export interface Taken {
  at: string | null
  lat: number | null
  lng: number | null
}

const UNSAID: Taken = { at: null, lat: null, lng: null }
/** A time without a zone is the estate's. */
const ZONE = '+08:00'
const EARLIEST = Date.parse('2000-01-01T00:00:00Z')
const AHEAD_MS = 5 * 60_000
const MOMENT = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/
const OFFSET = /^[+-]\d\d:\d\d$/

const reader = () => import('exifr/dist/lite.esm.mjs')

/** Have the reader at hand, so that it is there without a network. */
export function prepare(): void {
  void reader().catch(() => undefined)
}

/** Nothing of it that cannot be; nothing where the file does not say. */
export async function takenOf(file: Blob): Promise<Taken> {
  try {
    const { default: exifr } = await reader()
    const said = (await exifr.parse(file, { tiff: true, exif: true, gps: true, reviveValues: false })) as Record<string, unknown> | undefined
    return said ? { at: momentOf(said), ...placeOf(said) } : UNSAID
  } catch {
    return UNSAID
  }
}

function momentOf(said: Record<string, unknown>): string | null {
  const found = MOMENT.exec(String(said.DateTimeOriginal ?? said.ModifyDate ?? '').trim())
  if (!found) return null
  const offset = String(said.OffsetTimeOriginal ?? '').trim()
  const [, year, month, day, time] = found
  const at = Date.parse(`${year}-${month}-${day}T${time}${OFFSET.test(offset) ? offset : ZONE}`)
  return at >= EARLIEST && at <= Date.now() + AHEAD_MS ? new Date(at).toISOString() : null
}

function placeOf({ latitude, longitude }: Record<string, unknown>): { lat: number | null; lng: number | null } {
  const [lat, lng] = [Number(latitude ?? NaN), Number(longitude ?? NaN)]
  const can = Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && (lat !== 0 || lng !== 0)
  return can ? { lat, lng } : { lat: null, lng: null }
}
