const { document } = globalThis

/** Draws a payment receipt, the picture people send most; as base64 PNG without the data prefix. */
export const drawReceipt = () => {
  const canvas = document.createElement('canvas')
  canvas.width = 540
  canvas.height = 720
  const paint = canvas.getContext('2d')
  const line = (text, x, y, { size = 26, color = '#1a2129', weight = 400, align = 'left' } = {}) => {
    paint.font = `${weight} ${size}px "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif`
    paint.fillStyle = color
    paint.textAlign = align
    paint.fillText(text, x, y)
  }
  paint.fillStyle = '#f3f4f6'
  paint.fillRect(0, 0, 540, 720)
  paint.fillStyle = '#07c160'
  paint.fillRect(0, 0, 540, 150)
  line('支付成功', 270, 92, { size: 40, color: '#ffffff', weight: 600, align: 'center' })
  paint.fillStyle = '#ffffff'
  paint.fillRect(28, 120, 484, 560)
  line('大会员 · 连续包月', 270, 196, { size: 28, color: '#56616d', align: 'center' })
  line('¥ 25.00', 270, 276, { size: 62, weight: 700, align: 'center' })
  const rows = [
    ['当前状态', '扣款成功'],
    ['支付方式', '零钱'],
    ['商品', '大会员自动续费'],
    ['扣款时间', '2026-11-20 09:41:07'],
    ['交易单号', '4200 0021 8802 6112'],
  ]
  rows.forEach(([name, value], index) => {
    const y = 356 + index * 62
    line(name, 60, y, { size: 24, color: '#56616d' })
    line(value, 480, y, { size: 24, align: 'right' })
  })
  return canvas.toDataURL('image/png').split(',')[1]
}
