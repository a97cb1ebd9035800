"""Small flows, each with something that is hard to know beforehand, and what they promise."""

from __future__ import annotations

STARTS = "cast: {a: author, b: role b of office, c: position c of office, h: holder of item, g: giver of item}\n"
HAND_OUT = "bagi: {kepada: {type: positions, from: staff under actor, required: true}}"
SIGN = "sign: {act: teken, by: c, prepare: {act: siap, do: [{number: seri}, {freeze: file}]}, with: {method: pades}"

PROMISED = {
    "fields that are compared with each other": """
rules:
  sama: {if: letter.x equals letter.y, says: Samakan.}
  beda: {if: not sama and letter.y is satu, says: Bedakan.}
  cocok: {if: form.jawab equals letter.x, says: Cocokkan.}
  salah_satu: {if: "letter.z in [dua, tiga]", says: Pilih.}
forms: {tanya: {jawab: {type: text, required: true}}}
states:
  awal: {start: true, actions: {samakan: {by: a, needs: sama, to: tengah}, bedakan: {by: b, needs: beda, to: akhir}}}
  tengah: {actions: {jawab: {by: a, ask: tanya, needs: [cocok, salah_satu], to: akhir}}}
  akhir: {final: true}
promises:
  - {never: state is akhir and letter.x is satu, says: Bukan satu.}
  - {never: state is akhir and letter.z is tiga, says: Bukan tiga.}
  - {never: state is tengah and letter.x is satu and letter.y is dua, says: Tidak mungkin.}
  - {always_possible: akhir}
""",
    "codes below codes": """
rules:
  uang: {if: 'letter.classification under "900"', says: Bukan uang.}
  pajak: {if: 'letter.classification under "900.1"', says: Bukan pajak.}
  dua_kepala: {if: 'letter.kode under "1" or letter.kode under "2"', says: Kode lain.}
states:
  awal:
    start: true
    choose: [{when: pajak, to: pajak}, {when: uang, to: uang}, {else: true, to: lain}]
  pajak: {actions: {tutup_pajak: {by: a, to: akhir}}}
  uang: {actions: {tutup_uang: {by: a, needs: dua_kepala, to: akhir}}}
  lain: {actions: {tutup_lain: {by: a, to: akhir}}}
  akhir: {final: true}
promises:
  - {never: 'state is uang and letter.classification is "900"', says: Kepala kode saja.}
  - {never: 'state is pajak and letter.classification is "900"', says: Tidak mungkin.}
  - {never: 'state is akhir and letter.kode is absent', says: Tanpa kode.}
  - {always_possible: akhir}
""",
    "answers that decide": """
rules:
  setuju: {if: form.setuju is yes, says: Setujui.}
  merah: {if: "form.warna in [merah, jingga]", says: Merah atau jingga.}
  kedua: {if: "form.daftar in [p, q]", says: Pilih.}
  berkas: {if: form.pindai is present, says: Unggah.}
  bawaan: {if: form.isi is absent, says: Kosongkan.}
forms:
  tanya:
    setuju: {type: yes-no, required: true}
    warna: {type: choice, of: warna}
    daftar: {type: choices, of: daftar, required: true}
    pindai: {type: file, read_code: true}
    isi: {type: text, default: ada}
    lain: {type: choice, of: lainnya, required: true}
states:
  awal:
    start: true
    actions:
      satu: {by: a, ask: tanya, needs: setuju, to: dua}
      empat: {by: a, ask: tanya, needs: bawaan, to: akhir}
  dua: {actions: {dua: {by: a, ask: tanya, needs: [merah, kedua], to: tiga}}}
  tiga: {actions: {tiga: {by: a, ask: tanya, needs: berkas, to: akhir}}}
  akhir: {final: true}
promises:
  - {never: state is akhir, says: Berakhir.}
  - {always_possible: akhir}
""",
    "lists with a few words and with many": """
rules:
  sedikit: {if: "form.sedikit in [p, q] and form.sedikit is r", says: "Pilih p atau q, dan r."}
  banyak: {if: "form.banyak in [a, b, c, d, e]", says: Pilih satu.}
  samping: {if: form.satu equals form.lain, says: Samakan.}
forms:
  tanya: {sedikit: {type: choices, of: kata}}
  tanya_lagi: {banyak: {type: choices, of: kata}}
  orang:
    satu: {type: positions, from: staff under actor}
    lain: {type: position, from: staff under actor}
states:
  awal: {start: true, actions: {pertama: {by: a, ask: tanya, needs: sedikit, to: dua}, kedua: {by: a, ask: tanya_lagi, needs: banyak, to: tiga}}}
  dua: {actions: {terus: {by: a, to: tiga}}}
  tiga: {actions: {ketiga: {by: a, ask: orang, needs: samping, to: akhir}}}
  akhir: {final: true}
promises:
  - {never: state is dua, says: Sampai di dua.}
  - {never: state is akhir, says: Sampai di akhir.}
  - {always_possible: akhir}
""",
    "what effects write": """
rules:
  ditandai: {if: letter.tanda is ya, says: Tandai.}
  dicatat: {if: letter.catatan is present, says: Catat.}
  benar: {if: letter.sah is yes, says: Sahkan.}
forms: {tanya: {isi: {type: text, required: true}}}
states:
  awal:
    start: true
    on_enter: [{set: {tanda: tidak, sah: true}}]
    actions:
      tandai: {by: a, do: [{set: {tanda: ya, lain: sembarang}}]}
      catat: {by: a, ask: tanya, do: [{set: {catatan: form.isi}}]}
      hapus: {by: a, needs: ditandai, do: [{set: {tanda: kosong, sah: false}}], to: tengah}
  tengah: {actions: {tutup: {by: a, needs: dicatat, to: akhir}, buang: {by: a, needs: benar, to: akhir}}}
  akhir: {final: true}
promises:
  - {never: state is awal and ditandai, says: Tertandai.}
  - {never: state is tengah and letter.tanda is not kosong, says: Masih bertanda.}
  - {never: state is akhir and dicatat, says: Tercatat.}
  - {never: state is akhir and benar, says: Masih sah.}
  - {always_possible: akhir}
""",
    "a number, a code and a signature": f"""
rules:
  bernomor: {{if: letter.number is present, says: Nomori.}}
  berkode: {{if: letter.print_code is present, says: Cetak.}}
states:
  awal:
    start: true
    edit: a
    actions:
      nomori: {{by: a, do: [{{number: seri}}]}}
      batalkan: {{by: a, needs: bernomor, do: [{{number: void}}]}}
      cetak: {{by: a, do: [{{pdf: naskah, code: true}}], to: kertas}}
      naikkan: {{by: a, to: ttd}}
  kertas: {{actions: {{basah: {{by: a, needs: berkode, do: [{{signed: wet}}], to: akhir}}, kosong: {{by: b, do: [{{pdf: naskah}}], to: akhir}}}}}}
  ttd:
    {SIGN}, unsigned_at: {{end_of: day, number: void}}, reject: {{act: tolak, do: [{{number: void}}], to: awal}}, done: akhir}}
  akhir: {{final: true}}
promises:
  - {{never: state is akhir and letter.signed is none, says: Tidak bertanda tangan.}}
  - {{never: state is akhir and letter.signed is pades and not bernomor, says: Tanpa nomor.}}
  - {{never: state is awal and letter.number is present, says: Bernomor di awal.}}
  - {{never: state is ttd and bernomor and berkode, says: Keduanya.}}
  - {{never: letter.signed is wet and not state is akhir, says: Basah sebelum akhir.}}
  - {{always_possible: akhir}}
""",
    "a second signature and a number that is kept": f"""
rules:
  bernomor: {{if: letter.number is present, says: Nomori.}}
states:
  awal: {{start: true, edit: b, {SIGN}, unsigned_at: {{end_of: day, number: keep}}, done: kedua}}}}
  kedua:
    edit: b
    {SIGN.replace("teken", "teken_dua").replace("siap", "siap_dua")}, unsigned_at: {{end_of: day, number: void}}, done: akhir}}
  akhir: {{final: true}}
promises:
  - {{never: state is akhir and letter.signed is pades, says: Elektronik.}}
  - {{never: state is kedua and not bernomor, says: Tanpa nomor.}}
  - {{always_possible: akhir}}
""",
    "whoever writes the letter anew": """
rules:
  biasa: {if: letter.security is B, says: Bukan rahasia.}
  mendesak: {if: letter.urgency is segera, says: Tidak mendesak.}
  ditandai: {if: letter.tanda is ya, says: Tandai.}
states:
  awal: {start: true, edit: a, actions: {ke_dua: {by: a, needs: mendesak, to: dua}, ke_tiga: {by: a, needs: biasa, to: tiga}}}
  dua:
    route: {act: paraf, levels: [{who: b}, {who: c}], edit: true, done: tiga, reject: {act: tolak, do: [{set: {tanda: ya}}], to: awal}}
  tiga: {actions: {tutup: {by: b, needs: [mendesak, biasa], to: akhir}, balik: {by: b, needs: ditandai, to: awal}}}
  akhir: {final: true}
promises:
  - {never: state is akhir and letter.urgency is segera, says: Mendesak.}
  - {never: state is tiga and not mendesak, says: Tidak mendesak lagi.}
  - {never: state is tiga and ditandai and biasa, says: Bertanda.}
  - {always_possible: akhir}
  - {always_possible: awal or akhir}
""",
    "words of who acted and what comes before": """
rules:
  lain_orang: {if: actor not among actors of awal, says: Orang lain.}
  sama_orang: {if: actor among actors of awal, says: Orang yang sama.}
  awal_dulu: {if: letter.sejak before letter.sampai, says: Terbalik.}
  bukan_c: {if: actor not among c, says: Bukan c.}
states:
  awal: {start: true, actions: {mulai: {by: [a, b], to: dua}, mundur: {by: a, needs: awal_dulu, to: tiga}}}
  dua: {actions: {periksa: {by: b, needs: lain_orang, to: tiga}, lanjut: {by: a, needs: sama_orang, to: tiga}}}
  tiga: {actions: {tutup: {by: [b, c], needs: [lain_orang, bukan_c], to: akhir}}}
  akhir: {final: true}
promises:
  - {never: state is tiga and awal_dulu, says: Sejak sebelum sampai.}
  - {never: state is akhir, says: Berakhir.}
  - {always_possible: tiga}
  - {always_possible: akhir}
""",
    "all children are waited for": f"""
rules:
  selesai_semua: {{if: all tugas is final, says: Tunggu.}}
  ada_terbuka: {{if: some tugas is open, says: Tidak ada yang terbuka.}}
forms: {{{HAND_OUT}}}
states:
  awal: {{start: true, actions: {{bagikan: {{by: a, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}, to: tunggu}}}}}}
  tunggu:
    gather: {{track: tugas, until: all, done: beres, returned: awal}}
    actions:
      tambah: {{by: a, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}}}
      paksa: {{by: b, needs: ada_terbuka, to: beres}}
  beres: {{actions: {{tutup: {{by: a, needs: selesai_semua, to: akhir}}}}}}
  akhir: {{final: true}}
tracks:
  tugas:
    states:
      baru: {{start: true, actions: {{kerja: {{by: h, to: jalan}}, pulang: {{by: h, to: pulang}}, tarik: {{by: g, to: ditarik}}}}}}
      jalan: {{actions: {{selesai: {{by: h, to: jadi}}}}}}
      jadi: {{final: true, outcome: done}}
      pulang: {{final: true, outcome: returned}}
      ditarik: {{final: true, outcome: withdrawn}}
promises:
  - {{never: state is akhir and some tugas is open, says: Masih terbuka.}}
  - {{never: state is beres and no tugas is jadi, says: Tidak ada yang jadi.}}
  - {{never: state is beres and all tugas is ditarik and some tugas is final, says: Semua ditarik.}}
  - {{always_possible: akhir}}
""",
    "the first answer is enough": f"""
forms: {{{HAND_OUT}}}
states:
  awal: {{start: true, actions: {{bagikan: {{by: a, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}, to: tunggu}}}}}}
  tunggu: {{gather: {{track: tugas, until: any, done: akhir, returned: batal}}, actions: {{tambah: {{by: a, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}}}}}}}
  akhir: {{final: true}}
  batal: {{final: true}}
tracks:
  tugas:
    states:
      baru: {{start: true, actions: {{kerja: {{by: h, to: jadi}}, pulang: {{by: h, to: pulang}}}}}}
      jadi: {{final: true, outcome: done}}
      pulang: {{final: true, outcome: returned}}
promises:
  - {{never: state is akhir and some tugas is open, says: Masih terbuka.}}
  - {{never: state is batal and some tugas is jadi, says: Ada yang jadi.}}
  - {{always_possible: akhir or batal}}
""",
    "most answers are enough": f"""
forms: {{{HAND_OUT}}}
states:
  awal: {{start: true, actions: {{bagikan: {{by: a, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}, to: tunggu}}}}}}
  tunggu: {{gather: {{track: tugas, until: most, done: akhir, returned: batal}}}}
  akhir: {{actions: {{tutup: {{by: a, to: tertutup}}}}}}
  batal: {{final: true}}
  tertutup: {{final: true}}
tracks:
  tugas:
    states:
      baru: {{start: true, actions: {{kerja: {{by: h, to: jadi}}, pulang: {{by: h, to: pulang}}, tarik: {{by: g, to: ditarik}}}}}}
      jadi: {{final: true, outcome: done}}
      pulang: {{final: true, outcome: returned}}
      ditarik: {{final: true, outcome: withdrawn}}
promises:
  - {{never: state is akhir and some tugas is open, says: Masih terbuka.}}
  - {{never: state is batal and some tugas is jadi, says: Ada yang jadi.}}
  - {{always_possible: tertutup or batal}}
""",
    "children who hand down to children": f"""
rules:
  biasa: {{if: letter.security is B, says: Rahasia.}}
forms: {{{HAND_OUT}}}
states:
  awal: {{start: true, actions: {{bagikan: {{by: a, ask: bagi, fan_out: {{track: atas, per: form.kepada}}, to: tunggu}}}}}}
  tunggu: {{gather: {{track: atas, until: all, done: akhir, returned: awal}}}}
  akhir: {{final: true}}
tracks:
  atas:
    states:
      baru: {{start: true, actions: {{turun: {{by: h, needs: biasa, ask: bagi, fan_out: {{track: bawah, per: form.kepada}}, to: menunggu}}, kerja: {{by: h, to: jadi}}}}}}
      menunggu: {{gather: {{track: bawah, until: all, done: jadi, returned: pulang}}}}
      jadi: {{final: true, outcome: done}}
      pulang: {{final: true, outcome: returned}}
  bawah:
    states:
      mulai:
        start: true
        {SIGN.replace("by: c", "by: h").replace("{number: seri}, ", "")}, done: teliti}}
      teliti: {{choose: [{{when: biasa, to: dikerjakan}}, {{else: true, to: batal}}]}}
      dikerjakan:
        route: {{act: paraf, levels: [{{who: b}}], done: beres, reject: {{act: tolak, to: batal}}}}
      beres: {{final: true, outcome: done}}
      batal: {{final: true, outcome: withdrawn}}
promises:
  - {{never: state is akhir and letter.security is B, says: Tidak rahasia.}}
  - {{never: state is awal and some atas is pulang, says: Pernah pulang.}}
  - {{never: state is akhir and letter.signed is pades, says: Bertanda tangan di bawah.}}
  - {{always_possible: akhir}}
""",
    "a child that signs and writes": f"""
rules:
  ditandai: {{if: letter.tanda is ya, says: Tandai.}}
forms: {{{HAND_OUT}}}
states:
  awal: {{start: true, actions: {{bagikan: {{by: a, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}}}, tutup: {{by: a, needs: ditandai, to: akhir}}}}}}
  akhir: {{final: true}}
tracks:
  tugas:
    states:
      baru:
        start: true
        {SIGN.replace("by: c", "by: h")}, reject: {{act: tolak, to: pulang}}, done: dipilih}}
      dipilih: {{choose: [{{when: ditandai, to: jadi}}, {{else: true, to: diparaf}}]}}
      diparaf:
        route: {{act: paraf, levels: [{{who: c}}], done: jadi, reject: {{act: tolak_paraf, do: [{{set: {{tanda: ya}}}}], to: pulang}}}}
      jadi: {{final: true, outcome: done}}
      pulang: {{final: true, outcome: returned}}
promises:
  - {{never: state is akhir and some tugas is diparaf, says: Masih diparaf.}}
  - {{never: state is akhir and no tugas is pulang, says: Tidak ada yang pulang.}}
  - {{never: state is awal and letter.signed is pades and ditandai, says: Keduanya.}}
  - {{always_possible: akhir}}
""",
    "a track that begins with a choice by the letter": f"""
rules: {{biasa: {{if: letter.security is B, says: Rahasia.}}}}
forms: {{{HAND_OUT}}}
states:
  awal: {{start: true, actions: {{bagikan: {{by: a, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}, to: tunggu}}}}}}
  tunggu: {{gather: {{track: tugas, until: all, done: akhir, returned: akhir}}}}
  akhir: {{final: true}}
tracks:
  tugas:
    states:
      mulai: {{start: true, choose: [{{when: biasa, to: baru}}, {{else: true, to: rahasia}}]}}
      baru: {{actions: {{kerja: {{by: h, to: jadi}}}}}}
      rahasia: {{actions: {{simpan: {{by: h, to: jadi}}}}}}
      jadi: {{final: true, outcome: done}}
promises:
  - {{never: some tugas is rahasia, says: Ada yang rahasia.}}
  - {{never: state is akhir and letter.security is present, says: Tingkatnya tertulis.}}
  - {{always_possible: akhir}}
""",
    "a track that begins with a choice by what was read": f"""
rules: {{dibaca: {{if: item.read is present, says: Baca.}}}}
forms: {{{HAND_OUT}}}
states:
  awal: {{start: true, actions: {{bagikan: {{by: a, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}, to: tunggu}}}}}}
  tunggu: {{gather: {{track: tugas, until: all, done: akhir, returned: akhir}}}}
  akhir: {{final: true}}
tracks:
  tugas:
    states:
      mulai: {{start: true, choose: [{{when: dibaca, to: baru}}, {{else: true, to: lain}}]}}
      baru: {{actions: {{kerja: {{by: h, needs: dibaca, to: jadi}}}}}}
      lain: {{actions: {{simpan: {{by: h, to: jadi}}}}}}
      jadi: {{final: true, outcome: done}}
promises:
  - {{never: state is akhir, says: Berakhir.}}
  - {{always_possible: akhir}}
""",
    "children that write into the letter when they are made": f"""
rules: {{ditandai: {{if: letter.tanda is ya, says: Tandai.}}}}
forms: {{{HAND_OUT}}}
states:
  awal: {{start: true, actions: {{bagikan: {{by: a, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}, to: tunggu}}}}}}
  tunggu: {{gather: {{track: tugas, until: all, done: akhir, returned: akhir}}}}
  akhir: {{final: true}}
tracks:
  tugas:
    states:
      baru: {{start: true, on_enter: [{{set: {{tanda: ya}}}}], actions: {{kerja: {{by: h, to: jadi}}}}}}
      jadi: {{final: true, outcome: done}}
promises:
  - {{never: state is awal and ditandai, says: Bertanda di awal.}}
  - {{always_possible: akhir}}
""",
    "states that are only passed": """
rules: {ada: {if: letter.scan is present, says: Unggah.}}
states:
  awal: {start: true, actions: {lanjut: {by: a, to: pilih}, putar: {by: a, to: kosong}}}
  pilih: {choose: [{when: ada, to: antara}, {else: true, to: kosong}]}
  antara: {choose: [{else: true, to: akhir}]}
  kosong: {route: {act: paraf, levels: [{who: superior of author, need: any}], done: akhir, reject: {act: tolak, to: awal}}}
  akhir: {final: true}
promises:
  - {never: state is antara, says: Dilalui.}
  - {never: state is antara and letter.scan is absent, says: Tidak mungkin.}
  - {never: state is kosong and ada, says: Kosong dan ada.}
  - {never: state is antara and ada, says: Dilalui dan ada.}
  - {always_possible: antara or kosong}
  - {always_possible: antara}
""",
    "a way too long to be shown": "states:\n"
    + "".join(f"  s{n}: {{{'start: true, ' if not n else ''}actions: {{ke_{n + 1}: {{by: a, to: s{n + 1}}}}}}}\n" for n in range(14))
    + """
  s14: {actions: {tutup: {by: a, to: akhir}, kembali: {by: b, to: s13}}}
  akhir: {final: true}
promises:
  - {never: state is s13, says: Tiga belas.}
  - {never: state is s12, says: Dua belas}
  - {never: state is akhir, says: Berakhir.}
  - {always_possible: s3}
  - {always_possible: akhir}
""",
    "initials between the author and above": """
rules: {lain_orang: {if: actor not among actors of awal, says: Orang lain.}}
states:
  awal: {start: true, actions: {ajukan: {by: b, to: paraf}}}
  paraf: {route: {act: paraf, levels: superiors of author below c, done: siap, reject: {act: tolak, to: awal}}}
  siap: {actions: {tutup: {by: b, needs: lain_orang, to: akhir}, simpan: {by: b, to: paraf_lagi}}}
  paraf_lagi: {route: {act: paraf_lagi, levels: [{who: c}], done: akhir, reject: {act: tolak_lagi, to: awal}}}
  akhir: {final: true}
promises:
  - {never: state is paraf, says: Diparaf.}
  - {never: state is siap, says: Siap.}
  - {never: state is paraf_lagi, says: Diparaf lagi.}
  - {never: state is akhir, says: Berakhir.}
  - {always_possible: akhir}
""",
    "a number that comes and goes on the way": """
rules: {bernomor: {if: letter.number is present, says: Nomori.}, ada: {if: letter.scan is present, says: Unggah.}}
states:
  awal: {start: true, actions: {beri: {by: a, to: memberi}, ambil: {by: a, do: [{number: seri}], to: mengambil}}}
  memberi: {on_enter: [{number: seri}], choose: [{when: ada, to: akhir}, {else: true, to: lain}]}
  mengambil: {on_enter: [{number: void}], choose: [{when: bernomor, to: akhir}, {else: true, to: lain}]}
  akhir: {final: true}
  lain: {on_enter: [{set: {hasil: lain}}], choose: [{else: true, to: akhir}]}
promises:
  - {never: state is memberi and bernomor, says: Diberi.}
  - {never: state is memberi and letter.number is absent, says: Tidak diberi.}
  - {never: state is mengambil and letter.number is absent, says: Diambil.}
  - {never: state is mengambil and bernomor, says: Tidak diambil.}
  - {never: state is lain and letter.hasil is lain, says: Lewat lain.}
  - {always_possible: akhir}
""",
    "side roads that depend on chance": """
rules: {dahulu: {if: letter.sejak before letter.sampai, says: Terbalik.}}
states:
  awal: {start: true, actions: {tutup: {by: a, to: akhir}, lanjut: {by: a, to: tengah}}}
  tengah: {actions: {belok: {by: a, to: samping}, keluar: {by: a, needs: dahulu, to: akhir}}}
  samping: {actions: {keluar_juga: {by: a, needs: dahulu, to: akhir}}}
  akhir: {final: true}
promises:
  - {always_possible: akhir}
""",
    "an author who would initial himself": """
states:
  awal: {start: true, actions: {ajukan: {by: a, to: paraf}}}
  paraf: {route: {act: paraf, levels: [{who: c}], done: akhir, reject: {act: tolak, to: awal}}}
  akhir: {final: true}
promises:
  - {never: state is akhir, says: Berakhir.}
  - {never: state is paraf, says: Diparaf.}
  - {always_possible: akhir}
""",
    "children three levels deep that write into the letter": f"""
rules:
  ditandai: {{if: letter.tanda is ya, says: Tandai.}}
  bernomor: {{if: letter.number is present, says: Nomori.}}
  berkode: {{if: letter.print_code is present, says: Cetak.}}
  bertanda: {{if: letter.signed is wet, says: Tanda tangani.}}
  dibaca: {{if: item.read is none, says: Sudah dibaca.}}
forms: {{{HAND_OUT}}}
states:
  awal:
    start: true
    actions:
      bagikan: {{by: a, ask: bagi, fan_out: {{track: satu, per: form.kepada}}, to: tunggu}}
      tandai: {{by: a, needs: ditandai, to: akhir}}
      nomori: {{by: a, needs: bernomor, to: akhir}}
      cetak: {{by: a, needs: berkode, to: akhir}}
      teken: {{by: a, needs: bertanda, to: akhir}}
  tunggu: {{gather: {{track: satu, until: all, done: akhir, returned: awal}}}}
  akhir: {{final: true}}
tracks:
  satu:
    states:
      baru: {{start: true, actions: {{turun: {{by: h, ask: bagi, fan_out: {{track: dua, per: form.kepada}}, to: menunggu}}, catat: {{by: h}}}}}}
      menunggu: {{gather: {{track: dua, until: all, done: jadi, returned: pulang}}}}
      jadi: {{final: true, outcome: done}}
      pulang: {{final: true, outcome: returned}}
  dua:
    states:
      baru: {{start: true, actions: {{turun_lagi: {{by: h, needs: dibaca, ask: bagi, fan_out: {{track: tiga, per: form.kepada}}, to: menunggu}}}}}}
      menunggu: {{gather: {{track: tiga, until: any, done: jadi, returned: batal}}}}
      jadi: {{final: true, outcome: done}}
      batal: {{final: true, outcome: withdrawn}}
  tiga:
    states:
      baru:
        start: true
        actions:
          tulis: {{by: h, do: [{{set: {{tanda: ya}}}}], to: jadi}}
          cap: {{by: h, do: [{{number: seri}}, {{signed: wet}}], to: jadi}}
          salin: {{by: h, do: [{{pdf: naskah, code: true}}], to: pulang}}
      jadi: {{final: true, outcome: done}}
      pulang: {{final: true, outcome: returned}}
promises:
  - {{never: state is akhir and ditandai, says: Bertanda.}}
  - {{never: state is awal and bernomor, says: Bernomor.}}
  - {{never: state is awal and berkode, says: Berkode.}}
  - {{never: state is akhir and bertanda, says: Bertanda tangan.}}
  - {{always_possible: akhir}}
""",
    "a child that is prepared and waits": f"""
forms: {{{HAND_OUT}}}
states:
  awal: {{start: true, actions: {{bagikan: {{by: a, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}, to: tunggu}}}}}}
  tunggu: {{gather: {{track: tugas, until: all, done: akhir, returned: akhir}}}}
  akhir: {{final: true}}
tracks:
  tugas:
    states:
      baru:
        start: true
        {SIGN.replace("by: c", "by: h").replace("{number: seri}, ", "")}, done: jadi}}
        actions: {{catat: {{by: h}}, turun: {{by: h, ask: bagi, fan_out: {{track: cabang, per: form.kepada}}, to: menunggu}}, ulang: {{by: h, to: baru}}}}
      menunggu: {{gather: {{track: cabang, until: all, done: jadi, returned: baru}}}}
      jadi: {{final: true, outcome: done}}
  cabang:
    states:
      kerja: {{start: true, choose: [{{else: true, to: dikerjakan}}]}}
      dikerjakan: {{actions: {{simpan: {{by: h, to: beres}}, balik: {{by: h, to: balik}}}}}}
      beres: {{final: true, outcome: done}}
      balik: {{final: true, outcome: returned}}
promises:
  - {{never: state is akhir, says: Berakhir.}}
  - {{never: some tugas is menunggu, says: Menunggu.}}
  - {{always_possible: akhir}}
""",
    "a trap that depends on the letter": """
rules:
  kilat: {if: letter.urgency is kilat, says: Tidak kilat.}
  berkas: {if: letter.scan is present and letter.scan is not kosong, says: Unggah.}
states:
  awal: {start: true, actions: {lanjut: {by: a, to: dua}}}
  dua: {actions: {maju: {by: a, to: tiga}}}
  tiga: {actions: {cepat: {by: a, needs: kilat, to: akhir}, lambat: {by: b, needs: berkas, to: akhir}}}
  akhir: {final: true}
promises:
  - {always_possible: akhir}
  - {always_possible: tiga or akhir}
""",
}  # fmt: skip

LIMITED = {
    "all have a limit": ("within: 5 working days", "", ""),
    "just long enough": ("within: 4 working days", "", ""),
    "a day too short": ("within: 3 working days", "", ""),
    "hours promised and days written": ("within: 40 hours", "", ""),
    "calendar days promised": ("within: 9 days", "", ""),
    "one without a limit": ("within: 5 working days", "dua: {deadline: {within: 2 working days}, ", "dua: {"),
    "a limit of days of the calendar": ("within: 5 working days", "within: 2 working days", "within: 2 days"),
    "a limit from a field": ("within: 5 working days", "within: 2 working days", "within: letter.batas"),
    "a clock that stands still": ("within: 5 working days", "within: 2 working days", "within: 2 working days, paused_while: letter.scan is absent"),
    "a way back": ("within: 9 working days", "lanjut_dua: {by: b, to: tiga}", "lanjut_dua: {by: b, to: tiga}, kembali: {by: b, to: satu}"),
    "a way back on the spot": ("within: 5 working days", "lanjut_dua: {by: b, to: tiga}", "lanjut_dua: {by: b, to: tiga}, catat: {by: b}"),
    "a state that begins anew": ("within: 5 working days", "lanjut_dua: {by: b, to: tiga}", "lanjut_dua: {by: b, to: tiga}, ulang: {by: b, to: dua}"),
    "initials tier by tier": ("within: 5 working days", "tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: akhir}}}",
        "tiga: {route: {act: paraf, levels: [{who: b}, {who: c}], deadline: {within: 1 working day}, done: akhir, reject: {act: tolak, to: batal}}}"),
    "initials tier by tier that last": ("within: 4 working days", "tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: akhir}}}",
        "tiga: {route: {act: paraf, levels: [{who: b}, {who: c}, {who: a}], at_most: 2, deadline: {within: 1 working day}, done: akhir, reject: {act: tolak, to: akhir}}}"),
    "initials of who knows how many": ("within: 5 working days", "tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: akhir}}}",
        "tiga: {route: {act: paraf, levels: superiors of author below c, deadline: {within: 1 working day}, done: akhir, reject: {act: tolak, to: akhir}}}"),
    "initials of at most four": ("within: 9 working days", "tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: akhir}}}",
        "tiga: {route: {act: paraf, levels: superiors of author below c, at_most: 4, deadline: {within: 1 working day}, done: akhir, reject: {act: tolak, to: akhir}}}"),
    "initials within the limit of the state": ("within: 5 working days", "tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: akhir}}}",
        "tiga: {deadline: {within: 4 hours}, route: {act: paraf, levels: superiors of author below c, done: akhir, reject: {act: tolak, to: akhir}}}"),
    "an end that was forgotten": ("within: 5 working days, to: akhir", "lanjut_dua: {by: b, to: tiga}", "lanjut_dua: {by: b, to: tiga}, buang: {by: b, to: batal}"),
    "a promise that is kept on the way": ("within: 2 working days, to: [tiga, akhir]", "", ""),
    "a wait for children": ("within: 5 working days", "tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: akhir}}}",
        "tiga: {actions: {bagikan: {by: b, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: tunggu}}, deadline: {within: 4 hours}}\n  tunggu: {gather: {track: tugas, until: all, done: akhir, returned: akhir}}"),
    "a wait for children with a limit": ("within: 9 working days", "tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: akhir}}}",
        "tiga: {actions: {bagikan: {by: b, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: tunggu}}, deadline: {within: 4 hours}}\n  tunggu: {deadline: {within: 3 working days}, gather: {track: tugas, until: all, done: akhir, returned: tiga}}"),
    "a state that is passed": ("within: 5 working days, to: pilih", "tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: akhir}}}",
        "tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: pilih}}}\n  pilih: {choose: [{else: true, to: akhir}]}"),
    "two ways, the second longer": ("within: 3 working days", "lompat: {by: a, to: tiga}}}", "lompat: {by: a, to: empat}}}\n  empat: {deadline: {within: 4 working days}, actions: {lanjut_empat: {by: b, to: tiga}}}"),
    "two ways, the first longer": ("within: 3 working days", "lompat: {by: a, to: tiga}}}", "lompat: {by: a, to: empat}}}\n  empat: {deadline: {within: 1 working day}, actions: {lanjut_empat: {by: b, to: tiga}}}"),
    "two roundabouts": ("within: 9 working days", "lanjut_dua: {by: b, to: tiga}",
        "lanjut_dua: {by: b, to: tiga}, belok: {by: b, to: lima}}}\n  lima: {deadline: {within: 1 working day}, actions: {pulang_satu: {by: b, to: satu}, pulang_dua: {by: b, to: dua}"),
}  # fmt: skip
"""What is promised, and what is replaced in the flow below."""

STEPS = """
forms: {bagi: {kepada: {type: positions, from: staff under actor, required: true}}}
states:
  satu: {start: true, deadline: {within: 1 working day}, actions: {lanjut: {by: a, to: dua}, lompat: {by: a, to: tiga}}}
  dua: {deadline: {within: 2 working days}, actions: {lanjut_dua: {by: b, to: tiga}}}
  tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: akhir}}}
  akhir: {final: true}
  batal: {final: true}
tracks:
  tugas:
    states:
      baru: {start: true, actions: {kerja: {by: h, to: jadi}}}
      jadi: {final: true, outcome: done}
promises:
  - {PROMISE}
"""
