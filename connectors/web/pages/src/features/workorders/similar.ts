import { api, pathOf } from '@/api/client'
import type { components } from '@/api/schema'

export type Beside = components['schemas']['BesideOut']
export type Similar = components['schemas']['SameFaultOut']

const path = (number: string, ...rest: string[]) => '/work-orders' + pathOf(number, 'similar', ...rest)

export const similarTo = (number: string) => api.get<Beside>(path(number))
export const sayDifferent = (number: string, other: string) => api.post<Beside>(path(number, 'dismissals'), { number: other })
