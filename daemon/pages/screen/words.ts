/// What the screen itself says, Chinese first.
export const words = {
  alert: { zh: "寻找失踪儿童", en: "Missing child" },
  exercise: { zh: "演练", en: "Exercise" },
  notReal: { zh: "演练通告，并非真实警情", en: "This is an exercise, not a real alert" },
  internal: { zh: "公安机关内部使用，请勿外传", en: "For police use only. Do not pass on." },
  call: { zh: "线索请拨打", en: "If you know anything, call" },
  scan: { zh: "扫码查看公开信息", en: "Scan to read more" },
  lost: { zh: "与本站程序失去联系", en: "Not connected" },
  photo: { zh: "失踪儿童照片", en: "Photo of the missing child" },
  confirm: { zh: "已阅读", en: "I have read it" },
  acting: { zh: "正在查找", en: "We are searching" },
  unable: { zh: "无法办理", en: "We cannot" },
  back: { zh: "返回", en: "Back" },
  answers: { zh: "值班应答", en: "Answer of the officer on duty" },
  failed: { zh: "应答未送达，请重试", en: "Not delivered, try again" },
  reasons: {
    NO_STAFF: { zh: "无人值守", en: "Nobody on duty" },
    EQUIPMENT: { zh: "设备故障", en: "Equipment" },
    OFF_AIR: { zh: "停播时段", en: "Off air" },
    EDITORIAL: { zh: "编辑决定", en: "Editorial" },
    NOT_CONCERNED: { zh: "与本站无关", en: "Not concerned" },
  },
};

export interface Word {
  zh: string;
  en: string;
}
