import 'element-plus/es/components/base/style/css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '@/shared/tokens.css'
import './console.css'
import { createApp } from 'vue'
import { restoreSession } from '@/api/session'
import { applyLook } from '@/shared/theme'
import App from './App.vue'
import { router } from './router'

restoreSession('guanjia.console')
applyLook()
createApp(App).use(router).mount('#app')
