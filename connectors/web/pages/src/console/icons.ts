import { Box, ChatDotRound, ChatLineSquare, Cpu, DataBoard, Document, MagicStick, MoreFilled, Phone, Reading, Setting, Tickets, User, Warning } from '@element-plus/icons-vue'
import type { Component } from 'vue'

export const ICONS: Record<string, Component> = {
  board: DataBoard,
  chat: ChatDotRound,
  order: Tickets,
  incident: Warning,
  complaint: ChatLineSquare,
  callback: Phone,
  device: Cpu,
  stock: Box,
  people: User,
  knowledge: Reading,
  training: MagicStick,
  audit: Document,
  settings: Setting,
  more: MoreFilled,
}
