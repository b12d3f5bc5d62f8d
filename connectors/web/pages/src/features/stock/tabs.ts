export const STOCK_TABS = [
  { to: '/stock', title: '物料' },
  { to: '/stock/prices', title: '价目表' },
]
