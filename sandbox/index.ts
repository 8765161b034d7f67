export { createApiSimulator } from './api/index.ts'
export type { ApiAccount, ApiSimulator, ApiSimulatorOptions, BrandUser } from './api/index.ts'
export { createSandbox, demoUsers } from './page/index.ts'
export type { Sandbox, SandboxOptions } from './page/index.ts'
export { pastAgents, pastMacros, pastQuestions, pastReplies, pastStories } from './past/index.ts'
export type { PastAgent, PastBegin, PastLine, PastQuestions, PastStory } from './past/index.ts'
export { openSnapshotFile } from './snapshot-file.ts'
export { screensSnapshot, showEarlier, takeScreens } from './kit/earlier-screens.ts'
export type { ScreensSnapshot } from './kit/earlier-screens.ts'
export { createWechatSimulator, simulatorSnapshot, systemErrorText } from './wechat/index.ts'
export { createBotAccount, createBotSimulator } from './botframework/index.ts'
export type { BotAccount, BotSimulator, TokenChanges } from './botframework/index.ts'
export {
  createTelegramAccount,
  createTelegramSimulator,
  mediaFields,
  photoFields,
  textFields,
} from './telegram/index.ts'
export type { TelegramAccount, TelegramSimulator } from './telegram/index.ts'
export type {
  ApiExchange,
  ApiName,
  CallbackCheck,
  Exchange,
  FaultSpec,
  HttpFault,
  OpenWindow,
  PushExchange,
  PushOptions,
  PushOutcome,
  SimulatorEvent,
  TranscriptContent,
  TranscriptEntry,
  Utterance,
  WechatAccount,
  WechatMode,
  WechatSimulator,
  WechatSimulatorOptions,
  WechatUser,
} from './wechat/index.ts'
export { createWeiboAccount, createWeiboSimulator } from './weibo/index.ts'
export type {
  WeiboAccount,
  WeiboDeed,
  WeiboPushOutcome,
  WeiboSimulator,
  WeiboSimulatorOptions,
  WeiboUser,
} from './weibo/index.ts'
export type { Simulator } from './simulator.ts'
export { createWecomSimulator } from './wecom/index.ts'
export type { WecomAccount, WecomSimulator, WecomSimulatorOptions, WecomUser } from './wecom/index.ts'
export { createWechatySimulator } from './wechaty/index.ts'
export type { WechatySimulator, WechatySimulatorOptions } from './wechaty/index.ts'
export { createEmailSimulator } from './email/index.ts'
export type { EmailAccount, EmailSimulator, EmailSimulatorOptions, MailTiming } from './email/index.ts'
