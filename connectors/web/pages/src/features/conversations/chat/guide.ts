/** What the first screen and the chips offer, by role. Every example is a sentence that works as it stands. */

/** Said while a person is waited for or answers; the backend knows it by these words. */
export const BACK_TO_BOT = '还是问管家'

export interface Guide {
  who: string
  abilities: { title: string; text: string }[]
  examples: string[]
  chips: string[]
}

const RESIDENT: Guide = {
  who: '我是管家，您的物业助手。一句话就能报修，我来派单，师傅几时到、修到哪一步，这里都看得见。',
  abilities: [
    { title: '报修', text: '说清哪里坏了就行，照片也可以' },
    { title: '查进度', text: '几点来、谁来、修到哪一步' },
    { title: '催单和补充', text: '着急了、说漏了，随时说' },
    { title: '找人工', text: '客服接着聊，不用重讲一遍' },
  ],
  examples: ['我家楼下的灯坏了', '厨房水管漏水，下午三点以后在家', '我的报修到哪一步了'],
  chips: ['我要报修', '我的报修到哪一步了', '帮我催一下', '转人工'],
}

const TECHNICIAN: Guide = {
  who: '我是管家，帮您接单、记工。按上面的大按钮，或者像跟同事说话一样告诉我。',
  abilities: [
    { title: '看活', text: '手上有几单、先去哪里' },
    { title: '接单、到场', text: '说一声「接了」「到了」' },
    { title: '完工、记料', text: '换了什么、用了几个' },
    { title: '挂起、转单', text: '等配件、业主不在' },
  ],
  examples: ['我今天有哪些单', '我到了', '修好了，换了两个灯泡'],
  chips: ['我今天有哪些单', '接单', '我到现场了', '修好了'],
}

export function guideFor(technician: boolean): Guide {
  return technician ? TECHNICIAN : RESIDENT
}
