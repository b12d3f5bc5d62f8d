/** Asks before something that is not easily taken back. */
import 'element-plus/es/components/message-box/style/css'
import { ElMessageBox } from 'element-plus/es/components/message-box/index'

export async function sure(title: string, words: string, yes: string): Promise<boolean> {
  try {
    await ElMessageBox.confirm(words, title, { confirmButtonText: yes, cancelButtonText: '取消', type: 'warning' })
    return true
  } catch {
    return false
  }
}
