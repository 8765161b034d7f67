/** What WeCom takes as a plain file. Source: developer.work.weixin.qq.com 上传临时素材 (90253). */
export const maxFileBytes = 20 * 1_048_576

/** What does not fit its own kind travels as a plain file, whose limit thus holds for all. */
export const fileLimit = { maxBytes: maxFileBytes } as const
