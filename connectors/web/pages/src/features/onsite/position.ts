/** Where the phone is: asked for when somebody arrives; afterwards, if they allowed it, said now and then while they work. */
import { onMounted, onUnmounted, type Ref } from 'vue'
import { readStored, writeStored } from '@/shared/storage'
import { sayPosition } from './api'

export interface Fix {
  lat: number
  lng: number
  accuracy_m: number
}

const ALLOWED = 'guanjia.position.allowed'
const PATIENCE_MS = 6_000
/** Nobody waits long for the place of a photo. */
const GLANCE_MS = 2_000
const EVERY_MS = 120_000
const TICK_MS = 15_000
const PRECISE_M = 100
const MOST_M = 100_000

let refusedNow = false
let saidAt = 0

function look(patience = PATIENCE_MS): Promise<Fix | null> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(null), patience + 500)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        clearTimeout(late)
        writeStored(ALLOWED, true)
        resolve({ lat: coords.latitude, lng: coords.longitude, accuracy_m: Math.min(Math.round(coords.accuracy), MOST_M) })
      },
      (problem) => {
        clearTimeout(late)
        if (problem.code === problem.PERMISSION_DENIED) {
          refusedNow = true
          writeStored(ALLOWED, false)
        }
        resolve(null)
      },
      { enableHighAccuracy: true, timeout: patience, maximumAge: 30_000 },
    )
  })
}

/** Null where the phone does not say; a person who said no is not asked again on this page. */
export async function whereAmI(): Promise<Fix | null> {
  if (!('geolocation' in navigator) || !window.isSecureContext || refusedNow) return null
  return look()
}

async function allowed(): Promise<boolean> {
  if (!readStored(ALLOWED, false) || refusedNow || !window.isSecureContext) return false
  const state = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null)
  return !state || state.state === 'granted'
}

/** Without asking: null where the person has not allowed it before. */
export async function whereIfAllowed(): Promise<Fix | null> {
  return 'geolocation' in navigator && (await allowed()) ? look(GLANCE_MS) : null
}

async function report(): Promise<void> {
  if (document.hidden || !navigator.onLine || Date.now() - saidAt < EVERY_MS || !(await allowed())) return
  saidAt = Date.now()
  const fix = await look()
  if (fix) await sayPosition({ ...fix, source: fix.accuracy_m <= PRECISE_M ? 'gps' : 'network' }).catch(() => undefined)
}

/** While a job is in hand. */
export function useReporting(working: Ref<boolean>): void {
  let timer = 0
  onMounted(() => (timer = window.setInterval(() => working.value && void report(), TICK_MS)))
  onUnmounted(() => clearInterval(timer))
}
