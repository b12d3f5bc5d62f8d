import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { may } from '@/api/session'

/** The left menu: one line a page that works, shown to those who may use it, in groups. */
export interface MenuItem {
  path: string
  title: string
  permission: string
  icon: string
  group: Group
}
export type Group = '' | '服务' | '资源' | '管理'

export const MENU: MenuItem[] = [
  { path: '/', title: '工作台', permission: 'workorders.read', icon: 'board', group: '' },
  { path: '/conversations', title: '会话', permission: 'conversations.read', icon: 'chat', group: '' },
  { path: '/orders', title: '工单', permission: 'workorders.read', icon: 'order', group: '' },
  { path: '/incidents', title: '事件', permission: 'workorders.read', icon: 'incident', group: '服务' },
  { path: '/complaints', title: '投诉', permission: 'workorders.manage', icon: 'complaint', group: '服务' },
  { path: '/callbacks', title: '回访', permission: 'workorders.manage', icon: 'callback', group: '服务' },
  { path: '/equipment', title: '设备', permission: 'equipment.read', icon: 'device', group: '资源' },
  { path: '/stock', title: '库存', permission: 'stock.read', icon: 'stock', group: '资源' },
  { path: '/people', title: '人员', permission: 'people.read', icon: 'people', group: '资源' },
  { path: '/knowledge', title: '知识库', permission: 'knowledge.manage', icon: 'knowledge', group: '管理' },
  { path: '/training', title: '训练', permission: 'training.manage', icon: 'training', group: '管理' },
  { path: '/audit', title: '审计', permission: 'audit.read', icon: 'audit', group: '管理' },
  { path: '/settings', title: '设置', permission: 'workorders.manage', icon: 'settings', group: '管理' },
]

/** The page of the menu that an address belongs to. */
export const pageOf = (path: string): MenuItem | undefined =>
  MENU.find((item) => (item.path === '/' ? path === '/' : path === item.path || path.startsWith(`${item.path}/`)))

export const allowedMenu = (): MenuItem[] => MENU.filter((item) => may(item.permission))

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('@/features/dashboard/DashboardPage.vue') },
  { path: '/conversations/:id?', component: () => import('@/features/conversations/inbox/InboxPage.vue') },
  { path: '/orders/board/:number?', component: () => import('@/features/workorders/BoardPage.vue') },
  { path: '/orders/map/:number?', component: () => import('@/features/workorders/MapPage.vue') },
  { path: '/orders/calendar/:number?', component: () => import('@/features/workorders/CalendarPage.vue') },
  { path: '/orders/technicians/:number?', component: () => import('@/features/workorders/TechniciansPage.vue') },
  { path: '/orders/:number?', component: () => import('@/features/workorders/OrdersPage.vue') },
  { path: '/incidents/:number?', component: () => import('@/features/incidents/IncidentsPage.vue') },
  { path: '/complaints/:number?', component: () => import('@/features/complaints/ComplaintsPage.vue') },
  { path: '/callbacks/:id?', component: () => import('@/features/callbacks/CallbacksPage.vue') },
  { path: '/stock/prices', component: () => import('@/features/stock/PricesPage.vue') },
  { path: '/stock/:id?', component: () => import('@/features/stock/StockPage.vue') },
  { path: '/settings/:tab?', component: () => import('@/features/settings/SettingsPage.vue') },
  { path: '/equipment/:id?', component: () => import('@/features/equipment/EquipmentPage.vue') },
  { path: '/people', component: () => import('@/features/people/PeoplePage.vue') },
  { path: '/knowledge/:id?', component: () => import('@/features/knowledge/KnowledgePage.vue') },
  { path: '/training/:tab?', component: () => import('@/features/training/TrainingPage.vue') },
  { path: '/audit', component: () => import('@/features/audit/AuditPage.vue') },
  { path: '/:rest(.*)*', component: () => import('./NotFound.vue') },
]

export const router = createRouter({ history: createWebHistory('/console/'), routes })
