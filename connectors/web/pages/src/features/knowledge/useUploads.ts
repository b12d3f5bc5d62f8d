/** Files on their way: two at once, each with its progress, its error in words, and the question whether to replace. */
import { ref } from 'vue'
import { ApiError, wordsOf } from '@/api/client'
import { type KnowledgeDocument, sendDocument } from './api'

export interface Upload {
  key: number
  file: File
  community: string
  state: 'waiting' | 'sending' | 'reading' | 'done' | 'failed' | 'exists'
  share: number
  words: string
  abort: AbortController
}

const AT_ONCE = 2
const LIMIT_BYTES = 10 * 1024 * 1024
export const ENDINGS = ['.md', '.markdown', '.txt', '.docx', '.pdf']

export function useUploads(added: (document: KnowledgeDocument) => void) {
  const uploads = ref<Upload[]>([])
  let key = 0

  function add(files: Iterable<File>, community: string): void {
    for (const file of files) {
      uploads.value.push({ key: ++key, file, community, state: 'waiting', share: 0, words: '', abort: new AbortController() })
    }
    next()
  }

  /** What can be seen before it is sent. */
  function refusal(file: File): string {
    if (!ENDINGS.some((ending) => file.name.toLowerCase().endsWith(ending))) return '只支持 Markdown（.md、.txt）、Word（.docx）和 PDF 文件'
    if (file.size > LIMIT_BYTES) return '文件超过 10 MB，请拆分后再上传'
    return file.size ? '' : '文件是空的'
  }

  function next(): void {
    const running = uploads.value.filter((each) => each.state === 'sending' || each.state === 'reading').length
    const waiting = uploads.value.filter((each) => each.state === 'waiting')
    for (const each of waiting.slice(0, Math.max(0, AT_ONCE - running))) void send(each, false)
  }

  async function send(upload: Upload, replace: boolean): Promise<void> {
    upload.words = refusal(upload.file)
    if (upload.words) {
      upload.state = 'failed'
      next()
      return
    }
    upload.state = 'sending'
    upload.share = 0
    upload.abort = new AbortController()
    try {
      const sent = await sendDocument(
        upload.file,
        { community: upload.community, replace },
        (share) => {
          upload.share = share
          if (share >= 1) upload.state = 'reading'
        },
        upload.abort.signal,
      )
      upload.state = 'done'
      upload.words = `已切成 ${sent.sections} 节`
      added(sent)
    } catch (error) {
      const exists = error instanceof ApiError && error.problem.type === '/problems/document-exists'
      upload.state = exists ? 'exists' : 'failed'
      upload.words = wordsOf(error)
    }
    next()
  }

  function drop(upload: Upload): void {
    upload.abort.abort()
    uploads.value = uploads.value.filter((each) => each.key !== upload.key)
    next()
  }

  const replace = (upload: Upload): void => void send(upload, true)
  const again = (upload: Upload): void => void send(upload, false)
  const clear = (): void => void (uploads.value = uploads.value.filter((each) => each.state !== 'done'))

  return { uploads, add, drop, replace, again, clear }
}
