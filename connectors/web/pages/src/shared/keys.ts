/** One-key commands that stay silent while somebody types or a dialog is open. */
import { onMounted, onUnmounted } from 'vue'

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement
  return (
    target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    document.querySelector('.el-overlay:not([style*="display: none"])') !== null
  )
}

export function useKeys(commands: Record<string, (event: KeyboardEvent) => void>): void {
  const listen = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event)) return
    const command = commands[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    command?.(event)
  }
  onMounted(() => window.addEventListener('keydown', listen))
  onUnmounted(() => window.removeEventListener('keydown', listen))
}
