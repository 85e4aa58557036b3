größe = "漢字"; import fehlendes_modul
