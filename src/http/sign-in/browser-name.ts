// The first that fits: those who call themselves by the names of others too come before them.
const browsers: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['WeCom', /\bwxwork\//i],
  ['WeChat', /\bMicroMessenger\//i],
  ['DingTalk', /\bDingTalk\//i],
  ['Feishu', /\b(?:Feishu|Lark)\//i],
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['QQ Browser', /\bM?QQBrowser\//],
  ['UC Browser', /\bUCBrowser\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
]
const systems: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['HarmonyOS', /\b(?:HarmonyOS|OpenHarmony)\b/],
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
]

/** What people call the browser that says this of itself, e.g. `Chrome · Windows`; empty: nobody can tell. */
export const nameBrowser = (userAgent: string): string =>
  [browsers, systems]
    .flatMap((known) => known.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? [])
    .join(' · ')
