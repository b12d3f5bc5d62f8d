import '@/shared/tokens.css'
import '../chat/chat.css'
import { createApp } from 'vue'
import { restoreSession } from '@/api/session'
import { applyLook } from '@/shared/theme'
import App from './App.vue'

restoreSession('guanjia.chat')
applyLook()
createApp(App).mount('#app')
