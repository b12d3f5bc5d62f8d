/** A form that sends through the queue: busy while it is on its way, closed once it is safe, words where it was refused. */
import { ref } from 'vue'
import { type Doing, queue } from './queue'

const NOT_THERE = 404

/** `gone`: said when the order is not there for this person any more. */
export function useAct(done: () => void = () => {}, gone = '') {
  const busy = ref(false)
  const error = ref('')

  async function run(doing: Doing): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = ''
    try {
      const outcome = await queue.act(doing)
      if (outcome.state === 'refused') {
        error.value = outcome.status === NOT_THERE && gone ? gone : outcome.error
        return false
      }
      done()
      return true
    } catch {
      error.value = '手机存不下了，请删掉一些照片再试'
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, error, run }
}
