/** A shared minute tick, so that "5 分钟" and "已超时" stay true without a reload. */
import { ref } from 'vue'

export const now = ref(new Date())

setInterval(() => (now.value = new Date()), 20_000)
