import { api, ApiError, pathOf, raw, urlOf, type Problem } from '@/api/client'
import type { components } from '@/api/schema'
import { session } from '@/api/session'
import type { Page } from '@/api/types'

type Schemas = components['schemas']

export type KnowledgeDocument = Schemas['DocumentOut']
export type DocumentDetail = Schemas['DocumentDetail']
export type Tried = Schemas['TriedOut']

export const listDocuments = (query: { community?: string; cursor?: string; limit?: number }) =>
  api.get<Page<KnowledgeDocument>>('/knowledge/documents', query)
export const getDocument = (id: string | number) => api.get<DocumentDetail>(`/knowledge/documents${pathOf(id)}`)
export const indexAgain = (id: number) => api.post<KnowledgeDocument>(`/knowledge/documents${pathOf(id)}/reindex`)
export const deleteDocument = async (id: number): Promise<void> => void (await raw('DELETE', `/knowledge/documents${pathOf(id)}`, null))
export const tryQuestion = (question: string, community: string) =>
  api.post<Tried>('/knowledge/try', { question, ...(community ? { community } : {}) })

/** Save the original file under its name. */
export async function downloadOriginal(document: KnowledgeDocument): Promise<void> {
  const blob = await (await raw('GET', `/knowledge/documents${pathOf(document.id)}/file`, null)).blob()
  const link = window.document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = document.file_name
  link.click()
  URL.revokeObjectURL(link.href)
}

/** Upload with progress, which fetch cannot tell: 0 to 1 while the bytes go, then the server reads the file. */
export function sendDocument(
  file: File,
  fields: { community?: string; replace?: boolean },
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<KnowledgeDocument> {
  const form = new FormData()
  form.set('file', file)
  if (fields.community) form.set('community', fields.community)
  if (fields.replace) form.set('replace', 'true')
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', urlOf('/knowledge/documents'))
    if (session.token) request.setRequestHeader('Authorization', `Bearer ${session.token}`)
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    request.onerror = () => reject(new ApiError(0, '网络断了，没有传完，请再试一次'))
    request.onabort = () => reject(new ApiError(0, '已取消'))
    request.onload = () => (request.status < 300 ? resolve(JSON.parse(request.responseText) as KnowledgeDocument) : reject(errorOf(request)))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(form)
  })
}

function errorOf(request: XMLHttpRequest): ApiError {
  let problem: Problem = {}
  try {
    problem = JSON.parse(request.responseText) as Problem
  } catch {
    /* an answer without a body of ours */
  }
  const words = problem.detail || (request.status === 413 ? '文件太大了，请拆分后再上传' : '没有传上去，请稍后再试')
  return new ApiError(request.status, words, problem)
}
