/** Light, dark and large type: chosen once per browser, applied to the root element. */
import { reactive, watchEffect } from 'vue'
import { readStored, writeStored } from './storage'

export type Scheme = 'auto' | 'light' | 'dark'

const KEY = 'guanjia.look'
const system = window.matchMedia('(prefers-color-scheme: dark)')

export const look = reactive({
  scheme: 'auto' as Scheme,
  large: false,
  systemDark: system.matches,
  ...readStored<{ scheme?: Scheme; large?: boolean }>(KEY, {}),
})

export function isDark(): boolean {
  return look.scheme === 'dark' || (look.scheme === 'auto' && look.systemDark)
}

export function applyLook(): void {
  system.addEventListener('change', (event) => (look.systemDark = event.matches))
  watchEffect(() => {
    const root = document.documentElement
    const dark = isDark()
    root.classList.toggle('dark', dark)
    root.classList.toggle('van-theme-dark', dark)
    root.classList.toggle('large-type', look.large)
    root.style.colorScheme = dark ? 'dark' : 'light'
    writeStored(KEY, { scheme: look.scheme, large: look.large })
  })
}
