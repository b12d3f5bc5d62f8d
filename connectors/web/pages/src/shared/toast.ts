/** Short words after something was done, or could not be done, in the console. */
import 'element-plus/es/components/message/style/css'
import { ElMessage } from 'element-plus/es/components/message/index'
import { wordsOf } from '@/api/client'

export const said = (words: string): void => void ElMessage({ message: words, type: 'success', grouping: true })

export const failed = (error: unknown): void =>
  void ElMessage({ message: wordsOf(error), type: 'error', duration: 6000, showClose: true, grouping: true })
