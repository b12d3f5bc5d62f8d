"""Estate 小区: companies, communities, buildings, rooms, named places, and what words such as 「楼下」 mean.

company 物业公司 ── community 小区 ── building 楼 ── unit 单元 ── floor 楼层 ── room 房间
                                 └── place 地点 (大堂, 地下车库B区, 东门 …)
"""
