import { ChatDotRound, DataBoard, Document, MagicStick, Reading, Setting, Tickets, User } from '@element-plus/icons-vue'
import type { Component } from 'vue'

export const ICONS: Record<string, Component> = {
  board: DataBoard,
  chat: ChatDotRound,
  order: Tickets,
  device: Setting,
  people: User,
  knowledge: Reading,
  training: MagicStick,
  audit: Document,
}
