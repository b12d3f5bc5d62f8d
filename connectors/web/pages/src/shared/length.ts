/** Lengths as the backend counts them: characters, an emoji is one. */
export const lengthOf = (text: string): number => [...text].length
export const CHAT_LIMIT = 5000
export const REPLY_LIMIT = 2000
