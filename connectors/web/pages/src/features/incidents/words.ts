/** What is said of an incident. */
import type { IncidentDetail } from './api'

export const openedWords = (made: IncidentDetail): string =>
  `事件 ${made.number} 已开，${made.homes ? `${made.homes} 户都已告知` : '目前没有报过的住户'}`
